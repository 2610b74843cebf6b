//! Lazy determinization of a program: the subset construction, generalized to boolean formulas.

use rustc_hash::{FxBuildHasher, FxHashMap};

use super::bit_set::BitSet;
use super::budget::BudgetTracker;
use super::charset::CharSet;
use super::closures::{EpsilonClosures, PrefixContext};
use super::error::Undecided;
use super::formula::{Formula, LetterLiteral};
use super::program::{LetterId, Program};

/// An index into the states of an [`Automaton`].
pub(super) type StateId = u32;
/// An index into the classes of characters that an [`Automaton`] does not distinguish.
pub(super) type ClassId = u8;

/// The class of characters that occur in no name.
const NO_CLASS: ClassId = ClassId::MAX;
const UNKNOWN: StateId = StateId::MAX;
/// The number of states to reserve memory for.
const INITIAL_STATES: usize = 16;
/// The approximate size of an automaton without states, and of a state without its formula, in bytes.
const BASE_BYTES: usize = 8_000;
const BYTES_PER_STATE: usize = 300;

/// A deterministic automaton that computes each state when it is first reached.
///
/// A state is the condition on the rest of the name, together with the progress of the look-behinds. The number of
/// states is finite, but up to doubly exponential: hence the [`BudgetTracker`].
#[derive(Debug)]
pub(super) struct Automaton {
    program: Program,
    closures: EpsilonClosures,
    class_of: [ClassId; 128],
    /// The letters that read the characters of each class.
    readers: Vec<BitSet>,
    /// One character of each class.
    samples: Vec<u8>,
    states: Vec<AutomatonState>,
    index: FxHashMap<AutomatonState, StateId>,
    /// The states by the letters just read. The same few sets of letters are read in many states and by many classes.
    after: FxHashMap<(AutomatonState, bool), StateId>,
    /// The transition table: the next state for each state and class.
    table: Vec<StateId>,
    bytes: usize,
}

#[derive(Debug, Clone, PartialEq, Eq, Hash)]
struct AutomatonState {
    rest: Formula,
    /// The letters that can continue the body of each look-behind.
    lookbehinds: Box<[BitSet]>,
}

/// The residual language of a state: the rests of a name that match from there on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Residual {
    /// No rest matches.
    Empty,
    /// Every rest matches.
    Universal,
    /// Some rests may match, and others may not.
    Partial,
}

impl Automaton {
    /// Returns an automaton over the characters of `alphabet`.
    pub(super) fn new(program: Program, alphabet: CharSet) -> Self {
        let classes = partition_alphabet(&program, alphabet);
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
        let mut readers = Vec::with_capacity(samples.len());
        for sample in &samples {
            let mut letters = BitSet::new(program.letters.len());
            for (id, letter) in program.letters.iter().enumerate() {
                if letter.set.contains(*sample) {
                    letters.insert(id);
                }
            }
            readers.push(letters);
        }
        Self {
            readers,
            closures: EpsilonClosures::new(&program),
            program,
            class_of,
            states: Vec::with_capacity(INITIAL_STATES),
            index: FxHashMap::with_capacity_and_hasher(INITIAL_STATES, FxBuildHasher),
            after: FxHashMap::with_capacity_and_hasher(INITIAL_STATES, FxBuildHasher),
            table: Vec::with_capacity(INITIAL_STATES * samples.len()),
            samples,
            bytes: BASE_BYTES,
        }
    }

    /// Returns the state before the first character.
    pub(super) fn start(&mut self, tracker: &mut BudgetTracker) -> Result<StateId, Undecided> {
        if !self.states.is_empty() {
            return Ok(0);
        }
        let mut context = PrefixContext::at_start();
        let lookbehinds = self.advance_lookbehinds(&[], &mut context, tracker)?;
        let rest = self
            .closures
            .get(&self.program, self.program.entry, context, tracker)?
            .clone();
        self.intern(AutomatonState { rest, lookbehinds }, tracker)
    }

    /// Returns the class of a character; `None` for a character that occurs in no name.
    pub(super) fn class(&self, byte: u8) -> Option<ClassId> {
        self.class_of
            .get(byte as usize)
            .copied()
            .filter(|class| *class != NO_CLASS)
    }

    /// Returns the state after one more character.
    #[inline]
    pub(super) fn step(
        &mut self,
        state: StateId,
        class: ClassId,
        tracker: &mut BudgetTracker,
    ) -> Result<StateId, Undecided> {
        let cell = state as usize * self.samples.len() + class as usize;
        let known = self.table[cell];
        if known != UNKNOWN {
            return Ok(known);
        }
        let next = self.compute_step(state, class, tracker)?;
        self.table[cell] = next;
        Ok(next)
    }

    fn compute_step(
        &mut self,
        state: StateId,
        class: ClassId,
        tracker: &mut BudgetTracker,
    ) -> Result<StateId, Undecided> {
        let readers = &self.readers[class as usize];
        let AutomatonState { rest, lookbehinds } = &self.states[state as usize];
        let read = AutomatonState {
            rest: rest.read_by(readers, tracker)?,
            lookbehinds: lookbehinds
                .iter()
                .map(|letters| letters.intersection(readers))
                .collect(),
        };
        let after_word = CharSet::WORD.contains(self.samples[class as usize]);
        let size = read.size();
        let key = (read, after_word);
        if let Some(next) = self.after.get(&key) {
            return Ok(*next);
        }
        let state = self.state_after(&key.0, PrefixContext::after(after_word), tracker)?;
        let next = self.intern(state, tracker)?;
        self.charge_bytes(BYTES_PER_STATE / 2 + 8 * size, tracker)?;
        self.after.insert(key, next);
        Ok(next)
    }

    /// Returns whether a name that ends in this state matches.
    pub(super) fn accepts(&self, state: StateId) -> bool {
        self.states[state as usize].rest.holds_at_end()
    }

    /// Returns the class of the residual language of a state.
    pub(super) fn residual(&self, state: StateId) -> Residual {
        let rest = &self.states[state as usize].rest;
        if rest.is_never() {
            Residual::Empty
        } else if rest.is_always() {
            Residual::Universal
        } else {
            Residual::Partial
        }
    }

    /// Returns the approximate size, in bytes.
    pub(super) fn bytes(&self) -> usize {
        self.bytes
    }

    /// Returns the state after the letters of `read`, all of which have just been read.
    fn state_after(
        &mut self,
        read: &AutomatonState,
        mut context: PrefixContext,
        tracker: &mut BudgetTracker,
    ) -> Result<AutomatonState, Undecided> {
        let lookbehinds = self.advance_lookbehinds(&read.lookbehinds, &mut context, tracker)?;
        let mut rest = self.follow(read.rest.letters().iter(), context, tracker)?;
        for term in read.rest.terms() {
            rest.or(&self.follow_term(term, context, tracker)?, tracker)?;
        }
        Ok(AutomatonState { rest, lookbehinds })
    }

    /// Returns the condition on the rest after any of the letters.
    fn follow(
        &mut self,
        letters: impl Iterator<Item = LetterId>,
        context: PrefixContext,
        tracker: &mut BudgetTracker,
    ) -> Result<Formula, Undecided> {
        let mut rest = Formula::never(self.program.letters.len());
        for letter in letters {
            let next = self.program.letters[letter].next;
            rest.or(
                self.closures.get(&self.program, next, context, tracker)?,
                tracker,
            )?;
        }
        Ok(rest)
    }

    /// Returns the condition on the rest after the letters of a conjunction.
    fn follow_term(
        &mut self,
        term: &[LetterLiteral],
        context: PrefixContext,
        tracker: &mut BudgetTracker,
    ) -> Result<Formula, Undecided> {
        let (negative, positive): (Vec<LetterLiteral>, Vec<LetterLiteral>) =
            term.iter().partition(|literal| literal.negative);
        let forbidden = self.follow(
            negative.iter().map(|literal| literal.letter),
            context,
            tracker,
        )?;
        let mut rest = forbidden.not(tracker)?;
        for literal in positive {
            let next = self.program.letters[literal.letter].next;
            rest = rest.and(
                self.closures.get(&self.program, next, context, tracker)?,
                tracker,
            )?;
        }
        Ok(rest)
    }

    /// Advances the look-behinds by the letters just read, and records in the context which of them match here.
    fn advance_lookbehinds(
        &mut self,
        read: &[BitSet],
        context: &mut PrefixContext,
        tracker: &mut BudgetTracker,
    ) -> Result<Box<[BitSet]>, Undecided> {
        let mut lookbehinds = Vec::with_capacity(self.program.lookbehinds.len());
        for slot in 0..self.program.lookbehinds.len() {
            let mut condition = match read.get(slot) {
                Some(letters) => self.follow(letters.iter(), *context, tracker)?,
                None => Formula::never(self.program.letters.len()),
            };
            // A match of a look-behind may begin at any position.
            let body = self.program.lookbehinds[slot];
            condition.or(
                self.closures.get(&self.program, body, *context, tracker)?,
                tracker,
            )?;
            context.record_lookbehind(slot, condition.holds_at_end());
            lookbehinds.push(condition.letters().clone());
        }
        Ok(lookbehinds.into())
    }

    fn intern(
        &mut self,
        state: AutomatonState,
        tracker: &mut BudgetTracker,
    ) -> Result<StateId, Undecided> {
        let size = state.size();
        tracker.charge_steps(100 + 10 * size as u64)?;
        if let Some(id) = self.index.get(&state) {
            return Ok(*id);
        }
        self.charge_bytes(
            BYTES_PER_STATE + 16 * size + 4 * self.samples.len(),
            tracker,
        )?;
        let id = StateId::try_from(self.states.len()).map_err(|_| Undecided::TooLarge)?;
        self.states.push(state.clone());
        self.index.insert(state, id);
        self.table
            .resize(self.states.len() * self.samples.len(), UNKNOWN);
        Ok(id)
    }

    fn charge_bytes(&mut self, bytes: usize, tracker: &mut BudgetTracker) -> Result<(), Undecided> {
        self.bytes += bytes;
        tracker.charge_bytes(bytes)
    }
}

impl AutomatonState {
    /// Returns the size of a copy, in words.
    fn size(&self) -> usize {
        self.rest.size() + self.lookbehinds.iter().map(BitSet::words).sum::<usize>()
    }
}

/// Returns a partition of the alphabet into classes of characters that no letter distinguishes.
fn partition_alphabet(program: &Program, alphabet: CharSet) -> Vec<CharSet> {
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
