//! Parameters with a few legal words, each an enum.

/// An enum whose variants are the legal words of a parameter.
pub trait Choice: Copy + Sized + 'static {
    /// The legal words, in the order in which they are listed.
    const WORDS: &'static [&'static str];

    /// The variant of that word.
    fn from_word(word: &str) -> Option<Self>;
}

/// Declares an enum and the word of each variant, and implements [`Choice`] for it.
macro_rules! choice {
    (
        $(#[$meta:meta])*
        $vis:vis enum $name:ident {
            $($(#[$variant_meta:meta])* $variant:ident = $word:literal,)*
        }
    ) => {
        $(#[$meta])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
        $vis enum $name {
            $($(#[$variant_meta])* $variant,)*
        }

        impl $name {
            /// The word that users type and names carry.
            $vis const fn word(self) -> &'static str {
                match self {
                    $(Self::$variant => $word,)*
                }
            }
        }

        impl $crate::unit::Choice for $name {
            const WORDS: &'static [&'static str] = &[$($word),*];

            fn from_word(word: &str) -> Option<Self> {
                match word {
                    $($word => Some(Self::$variant),)*
                    _ => None,
                }
            }
        }
    };
}

pub(crate) use choice;
