//! A program made deterministic, as far as somebody asks.

use std::sync::Arc;

use rustc_hash::FxHashMap;

use super::bits::Bits;
use super::budget::Meter;
use super::charset::CharSet;
use super::closure::{Closures, Context};
use super::error::Undecided;
use super::formula::{Formula, Literal};
use super::program::Program;

/// A state of an [`Automaton`].
pub(super) type StateId = u32;
/// Characters that an [`Automaton`] never tells apart.
pub(super) type ClassId = u8;

/// The class of characters that occur in no name.
const NO_CLASS: ClassId = ClassId::MAX;
const UNKNOWN: StateId = StateId::MAX;

/// A deterministic automaton whose states are worked out when they are first reached.
///
/// A state is the condition that the rest of the name has to meet, together with how far the look-behinds have
/// come. There are finitely many, but up to twice exponentially many: hence the [`Meter`].
#[derive(Debug)]
pub(super) struct Automaton {
    program: Program,
    closures: Closures,
    class_of: Box<[ClassId; 128]>,
    /// For each class, the letters that read it.
    readers: Vec<Bits>,
    /// For each class, one of its characters.
    samples: Vec<u8>,
    states: Vec<Arc<State>>,
    index: FxHashMap<Arc<State>, StateId>,
    /// The next state for each state and class.
    table: Vec<StateId>,
    bytes: usize,
}

#[derive(Debug, PartialEq, Eq, Hash)]
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
        let samples: Vec<u8> = classes.iter().filter_map(|class| class.iter().next()).collect();
        let mut class_of = Box::new([NO_CLASS; 128]);
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
            samples,
            states: Vec::new(),
            index: FxHashMap::default(),
            table: Vec::new(),
            bytes: 0,
        }
    }

    /// The state before anything is read.
    pub(super) fn start(&mut self, meter: &mut Meter<'_>) -> Result<StateId, Undecided> {
        if !self.states.is_empty() {
            return Ok(0);
        }
        let blank = State {
            rest: Formula::never(self.program.letters.len()),
            watched: self.program.watches.iter().map(|_| Bits::new(self.program.letters.len())).collect(),
        };
        let mut context = Context::at_start();
        let watched = self.watch(&blank, None, &mut context, meter)?;
        let rest = self.closures.get(&self.program, self.program.entry, context, meter)?.clone();
        self.intern(State { rest, watched }, meter)
    }

    /// The class of a character; `None` for one that occurs in no name.
    pub(super) fn class(&self, byte: u8) -> Option<ClassId> {
        self.class_of.get(byte as usize).copied().filter(|class| *class != NO_CLASS)
    }

    /// The state after one more character.
    pub(super) fn step(&mut self, state: StateId, class: ClassId, meter: &mut Meter<'_>) -> Result<StateId, Undecided> {
        let cell = state as usize * self.samples.len() + class as usize;
        if self.table[cell] == UNKNOWN {
            let next = self.next(state, class, meter)?;
            self.table[cell] = self.intern(next, meter)?;
        }
        Ok(self.table[cell])
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

    fn next(&mut self, state: StateId, class: ClassId, meter: &mut Meter<'_>) -> Result<State, Undecided> {
        let state = Arc::clone(&self.states[state as usize]);
        let after_word = CharSet::WORD.contains(self.samples[class as usize]);
        let mut context = Context::after(after_word);
        let watched = self.watch(&state, Some(class), &mut context, meter)?;
        let readers = &self.readers[class as usize];
        let mut rest = Formula::never(self.program.letters.len());
        for letter in state.rest.letters().iter_common(readers) {
            let next = self.program.letters[letter].next;
            rest.or(self.closures.get(&self.program, next, context, meter)?, meter)?;
        }
        for term in state.rest.terms() {
            let next = self.next_term(term, class, context, meter)?;
            rest.or(&next, meter)?;
        }
        Ok(State { rest, watched })
    }

    /// What a conjunction asks of the rest, once a character is read.
    fn next_term(
        &mut self,
        term: &[Literal],
        class: ClassId,
        context: Context,
        meter: &mut Meter<'_>,
    ) -> Result<Formula, Undecided> {
        let letters = self.program.letters.len();
        let reads = |literal: &&Literal| self.readers[class as usize].contains(literal.letter);
        if !term.iter().filter(|literal| !literal.negative).all(|literal| reads(&literal)) {
            return Ok(Formula::never(letters));
        }
        let mut forbidden = Formula::never(letters);
        for literal in term.iter().filter(|literal| literal.negative).filter(reads) {
            let next = self.program.letters[literal.letter].next;
            forbidden.or(self.closures.get(&self.program, next, context, meter)?, meter)?;
        }
        let mut rest = forbidden.not(meter)?;
        for literal in term.iter().filter(|literal| !literal.negative) {
            let next = self.program.letters[literal.letter].next;
            rest = rest.and(self.closures.get(&self.program, next, context, meter)?, meter)?;
        }
        Ok(rest)
    }

    /// Moves the look-behinds on, and notes in the context which of them hold here.
    fn watch(
        &mut self,
        state: &State,
        class: Option<ClassId>,
        context: &mut Context,
        meter: &mut Meter<'_>,
    ) -> Result<Box<[Bits]>, Undecided> {
        let mut watched = Vec::with_capacity(state.watched.len());
        for (watch, before) in state.watched.iter().enumerate() {
            let body = self.program.watches[watch];
            // A look-behind may begin to match anywhere.
            let mut now = self.closures.get(&self.program, body, *context, meter)?.clone();
            if let Some(class) = class {
                for letter in before.iter_common(&self.readers[class as usize]) {
                    let next = self.program.letters[letter].next;
                    now.or(self.closures.get(&self.program, next, *context, meter)?, meter)?;
                }
            }
            context.note_watch(watch, now.holds_at_end());
            watched.push(now.letters().clone());
        }
        Ok(watched.into())
    }

    fn intern(&mut self, state: State, meter: &mut Meter<'_>) -> Result<StateId, Undecided> {
        if let Some(id) = self.index.get(&state) {
            return Ok(*id);
        }
        let words = state.rest.size() + state.watched.iter().map(Bits::words).sum::<usize>();
        let bytes = 8 * words + 4 * self.samples.len() + 160;
        meter.keep(bytes)?;
        self.bytes += bytes;
        let id = StateId::try_from(self.states.len()).map_err(|_| Undecided::TooLarge)?;
        let state = Arc::new(state);
        self.states.push(Arc::clone(&state));
        self.index.insert(state, id);
        self.table.resize(self.states.len() * self.samples.len(), UNKNOWN);
        Ok(id)
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
            let (inside, outside) = (classes[i].intersect(letter.set), classes[i].intersect(letter.set.complement()));
            if !inside.is_empty() && !outside.is_empty() {
                classes[i] = inside;
                classes.push(outside);
            }
        }
    }
    classes
}
