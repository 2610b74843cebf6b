//! A program made deterministic, as far as somebody asks.

use rustc_hash::{FxBuildHasher, FxHashMap};

use super::bits::Bits;
use super::budget::Meter;
use super::charset::CharSet;
use super::closure::{Closures, Context};
use super::error::Undecided;
use super::formula::{Formula, Literal};
use super::program::{LetterId, Program};

/// A state of an [`Automaton`].
pub(super) type StateId = u32;
/// Characters that an [`Automaton`] never tells apart.
pub(super) type ClassId = u8;

/// The class of characters that occur in no name.
const NO_CLASS: ClassId = ClassId::MAX;
const UNKNOWN: StateId = StateId::MAX;
/// How many states to make room for at once.
const USUAL_STATES: usize = 16;
/// About how many bytes an automaton takes before it has any states, and each state beside its formula.
const BYTES_AT_FIRST: usize = 8_000;
const BYTES_PER_STATE: usize = 300;

/// A deterministic automaton whose states are worked out when they are first reached.
///
/// A state is the condition that the rest of the name has to meet, together with how far the look-behinds have
/// come. There are finitely many, but up to twice exponentially many: hence the [`Meter`].
#[derive(Debug)]
pub(super) struct Automaton {
    program: Program,
    closures: Closures,
    class_of: [ClassId; 128],
    /// For each class, the letters that read it.
    readers: Vec<Bits>,
    /// For each class, one of its characters.
    samples: Vec<u8>,
    states: Vec<State>,
    index: FxHashMap<State, StateId>,
    /// The states behind what was read. Few different things can be read, in many states and by many classes.
    after: FxHashMap<(State, bool), StateId>,
    /// The next state for each state and class.
    table: Vec<StateId>,
    bytes: usize,
}

#[derive(Debug, Clone, PartialEq, Eq, Hash)]
struct State {
    rest: Formula,
    /// For each look-behind, where its body can go on.
    watched: Box<[Bits]>,
}

/// What a state says about the names that reach it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Outlook {
    /// None matches, however it goes on.
    None,
    /// Every one matches.
    All,
    /// It depends.
    Open,
}

impl Automaton {
    /// An automaton over the characters of `alphabet`.
    pub(super) fn new(program: Program, alphabet: CharSet) -> Self {
        let classes = classes(&program, alphabet);
        let samples: Vec<u8> = classes
            .iter()
            .filter_map(|class| class.iter().next())
            .collect();
        let mut class_of = [NO_CLASS; 128];
        for (id, class) in (0..NO_CLASS).zip(&classes) {
            for byte in class.iter() {
                class_of[byte as usize] = id;
            }
        }
        let readers = samples.iter().map(|sample| {
            let mut readers = Bits::new(program.letters.len());
            for (id, letter) in program.letters.iter().enumerate() {
                if letter.set.contains(*sample) {
                    readers.insert(id);
                }
            }
            readers
        });
        Self {
            readers: readers.collect(),
            closures: Closures::new(&program),
            program,
            class_of,
            states: Vec::with_capacity(USUAL_STATES),
            index: FxHashMap::with_capacity_and_hasher(USUAL_STATES, FxBuildHasher),
            after: FxHashMap::with_capacity_and_hasher(USUAL_STATES, FxBuildHasher),
            table: Vec::with_capacity(USUAL_STATES * samples.len()),
            samples,
            bytes: BYTES_AT_FIRST,
        }
    }

    /// The state before anything is read.
    pub(super) fn start(&mut self, meter: &mut Meter) -> Result<StateId, Undecided> {
        if !self.states.is_empty() {
            return Ok(0);
        }
        let mut context = Context::at_start();
        let watched = self.watch(&[], &mut context, meter)?;
        let rest = self
            .closures
            .get(&self.program, self.program.entry, context, meter)?
            .clone();
        self.intern(State { rest, watched }, meter)
    }

    /// The class of a character; `None` for one that occurs in no name.
    pub(super) fn class(&self, byte: u8) -> Option<ClassId> {
        self.class_of
            .get(byte as usize)
            .copied()
            .filter(|class| *class != NO_CLASS)
    }

    /// The state after one more character.
    #[inline]
    pub(super) fn step(
        &mut self,
        state: StateId,
        class: ClassId,
        meter: &mut Meter,
    ) -> Result<StateId, Undecided> {
        let cell = state as usize * self.samples.len() + class as usize;
        let known = self.table[cell];
        if known != UNKNOWN {
            return Ok(known);
        }
        let next = self.find_next(state, class, meter)?;
        self.table[cell] = next;
        Ok(next)
    }

    fn find_next(
        &mut self,
        state: StateId,
        class: ClassId,
        meter: &mut Meter,
    ) -> Result<StateId, Undecided> {
        let readers = &self.readers[class as usize];
        let State { rest, watched } = &self.states[state as usize];
        let read = State {
            rest: rest.read_by(readers, meter)?,
            watched: watched
                .iter()
                .map(|letters| letters.common(readers))
                .collect(),
        };
        let key = (read, CharSet::WORD.contains(self.samples[class as usize]));
        if let Some(next) = self.after.get(&key) {
            return Ok(*next);
        }
        let next = self.after_reading(&key.0, Context::after(key.1), meter)?;
        let next = self.intern(next, meter)?;
        self.keep(BYTES_PER_STATE / 2 + 8 * key.0.size(), meter)?;
        self.after.insert(key, next);
        Ok(next)
    }

    /// Whether a name that ends in this state matches.
    pub(super) fn accepts(&self, state: StateId) -> bool {
        self.states[state as usize].rest.holds_at_end()
    }

    pub(super) fn outlook(&self, state: StateId) -> Outlook {
        let rest = &self.states[state as usize].rest;
        if rest.is_never() {
            Outlook::None
        } else if rest.is_always() {
            Outlook::All
        } else {
            Outlook::Open
        }
    }

    /// About how much memory it takes.
    pub(super) fn bytes(&self) -> usize {
        self.bytes
    }

    /// The state behind the letters of another one, all of which have just been read.
    fn after_reading(
        &mut self,
        read: &State,
        mut context: Context,
        meter: &mut Meter,
    ) -> Result<State, Undecided> {
        let watched = self.watch(&read.watched, &mut context, meter)?;
        let mut rest = self.follow(read.rest.letters().iter(), context, meter)?;
        for term in read.rest.terms() {
            rest.or(&self.follow_term(term, context, meter)?, meter)?;
        }
        Ok(State { rest, watched })
    }

    /// What comes after any of some letters.
    fn follow(
        &mut self,
        letters: impl Iterator<Item = LetterId>,
        context: Context,
        meter: &mut Meter,
    ) -> Result<Formula, Undecided> {
        let mut rest = Formula::never(self.program.letters.len());
        for letter in letters {
            let next = self.program.letters[letter].next;
            rest.or(
                self.closures.get(&self.program, next, context, meter)?,
                meter,
            )?;
        }
        Ok(rest)
    }

    /// What a conjunction asks of the rest, once its letters are read.
    fn follow_term(
        &mut self,
        term: &[Literal],
        context: Context,
        meter: &mut Meter,
    ) -> Result<Formula, Undecided> {
        let (negative, positive): (Vec<Literal>, Vec<Literal>) =
            term.iter().partition(|literal| literal.negative);
        let forbidden = self.follow(
            negative.iter().map(|literal| literal.letter),
            context,
            meter,
        )?;
        let mut rest = forbidden.not(meter)?;
        for literal in positive {
            let next = self.program.letters[literal.letter].next;
            rest = rest.and(
                self.closures.get(&self.program, next, context, meter)?,
                meter,
            )?;
        }
        Ok(rest)
    }

    /// Moves the look-behinds on behind their letters, and notes in the context which of them hold.
    fn watch(
        &mut self,
        read: &[Bits],
        context: &mut Context,
        meter: &mut Meter,
    ) -> Result<Box<[Bits]>, Undecided> {
        let mut watched = Vec::with_capacity(self.program.watches.len());
        for watch in 0..self.program.watches.len() {
            let mut now = self.follow(
                read.get(watch).into_iter().flat_map(Bits::iter),
                *context,
                meter,
            )?;
            // A look-behind may begin to match anywhere.
            let body = self.program.watches[watch];
            now.or(
                self.closures.get(&self.program, body, *context, meter)?,
                meter,
            )?;
            context.note_watch(watch, now.holds_at_end());
            watched.push(now.letters().clone());
        }
        Ok(watched.into())
    }

    fn intern(&mut self, state: State, meter: &mut Meter) -> Result<StateId, Undecided> {
        let size = state.size();
        meter.work(100 + 10 * size as u64)?;
        if let Some(id) = self.index.get(&state) {
            return Ok(*id);
        }
        self.keep(BYTES_PER_STATE + 16 * size + 4 * self.samples.len(), meter)?;
        let id = StateId::try_from(self.states.len()).map_err(|_| Undecided::TooLarge)?;
        self.states.push(state.clone());
        self.index.insert(state, id);
        self.table
            .resize(self.states.len() * self.samples.len(), UNKNOWN);
        Ok(id)
    }

    fn keep(&mut self, bytes: usize, meter: &mut Meter) -> Result<(), Undecided> {
        self.bytes += bytes;
        meter.keep(bytes)
    }
}

impl State {
    /// How much there is to copy, in words.
    fn size(&self) -> usize {
        self.rest.size() + self.watched.iter().map(Bits::words).sum::<usize>()
    }
}

/// Splits the alphabet into the characters that no letter tells apart.
fn classes(program: &Program, alphabet: CharSet) -> Vec<CharSet> {
    let mut classes = vec![alphabet];
    let mut seen: Vec<CharSet> = Vec::new();
    for letter in &program.letters {
        if seen.contains(&letter.set) {
            continue;
        }
        seen.push(letter.set);
        for i in 0..classes.len() {
            let (inside, outside) = (
                classes[i].intersect(letter.set),
                classes[i].intersect(letter.set.complement()),
            );
            if !inside.is_empty() && !outside.is_empty() {
                classes[i] = inside;
                classes.push(outside);
            }
        }
    }
    classes
}
