//! What is told of a turn under way, as soon as it is known.

/// Something that became known.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum News<'a> {
    /// The turn has come to another stage.
    Stage(Stage),
    /// The next piece of the plan's summary; all pieces together are the summary as a sentence.
    Summary(&'a str),
}

/// How far a turn has got.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Stage {
    /// The message is being read.
    Classifying,
    /// The action plan is being built.
    Building,
    /// Simulation and judgement are running.
    Validating,
}

/// Whoever hears the news.
pub type Listener<'a> = dyn FnMut(News<'_>) + 'a;
