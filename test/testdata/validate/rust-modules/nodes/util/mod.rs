pub mod a;
pub mod b;
pub use a::load;
pub use self::b::{load as load_b, KEY as KEY_B};
