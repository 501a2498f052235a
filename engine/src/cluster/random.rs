//! Random-looking values that follow from the seed: SplitMix64 in named streams, so that a new draw in one actor does not
//! shift the others. It must not know what the values are for.

use crate::sorted::SortedMap;

/// The finalizer of SplitMix64 (Steele, Lea and Flood, 2014): spreads the bits of a counter.
pub fn mix(value: u64) -> u64 {
    let value = value.wrapping_add(0x9e37_79b9_7f4a_7c15);
    let value = (value ^ (value >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    let value = (value ^ (value >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    value ^ (value >> 31)
}

/// All streams of one run.
#[derive(Clone, Debug)]
pub struct Random {
    seed: u64,
    streams: SortedMap<&'static str, Stream>,
}

/// One stream: where it begins, and how much of it was drawn.
#[derive(Clone, Copy, Debug)]
struct Stream {
    base: u64,
    drawn: u64,
}

impl Stream {
    fn new(seed: u64, name: &str) -> Self {
        let name = name.bytes().fold(0xcbf2_9ce4_8422_2325_u64, |hash, byte| (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3));
        Self { base: mix(seed ^ name), drawn: 0 }
    }

    fn next(&mut self) -> u64 {
        self.drawn += 1;
        mix(self.base.wrapping_add(self.drawn))
    }
}

impl Random {
    /// The streams of a seed.
    pub fn new(seed: u64) -> Self {
        Self { seed, streams: SortedMap::new() }
    }

    /// The next value of a stream.
    pub fn next(&mut self, stream: &'static str) -> u64 {
        self.stream(stream).next()
    }

    fn stream(&mut self, name: &'static str) -> &mut Stream {
        let seed = self.seed;
        self.streams.entry(name).or_insert_with(|| Stream::new(seed, name))
    }

    /// A value below `bound`, which must not be 0.
    pub fn below(&mut self, stream: &'static str, bound: usize) -> usize {
        (self.next(stream) % bound.max(1) as u64) as usize
    }

    /// A version 4 uid.
    pub fn uid(&mut self) -> u128 {
        let stream = self.stream("uid");
        let value = u128::from(stream.next()) << 64 | u128::from(stream.next());
        value & !(0xf << 76) & !(0x3 << 62) | 0x4 << 76 | 0x2 << 62
    }

    /// A suffix as the API server appends it to a `generateName`: letters and digits without vowels.
    pub fn suffix(&mut self, length: usize) -> String {
        const ALPHABET: &[u8] = b"bcdfghjklmnpqrstvwxz2456789";
        (0..length).map(|_| ALPHABET[self.below("suffix", ALPHABET.len())] as char).collect()
    }

    /// Puts a list in an order that follows from the seed.
    pub fn shuffle<T>(&mut self, stream: &'static str, items: &mut [T]) {
        for last in (1..items.len()).rev() {
            items.swap(last, self.below(stream, last + 1));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_generator_gives_the_published_values() {
        // SplitMix64 seeded with 1234567: Rosetta Code, "Pseudo-random numbers/Splitmix64".
        let mut state = 1_234_567_u64;
        let mut values = Vec::new();
        for _ in 0..3 {
            values.push(mix(state));
            state = state.wrapping_add(0x9e37_79b9_7f4a_7c15);
        }
        assert_eq!(values, [6_457_827_717_110_365_317, 3_203_168_211_198_807_973, 9_817_491_932_198_370_423]);
    }

    #[test]
    fn a_draw_in_one_stream_does_not_shift_another() {
        let mut first = Random::new(1);
        let mut second = Random::new(1);
        first.next("noise");
        assert_eq!(first.uid(), second.uid());
        assert_ne!(Random::new(1).next("uid"), Random::new(2).next("uid"));
    }
}
