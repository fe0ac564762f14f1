//! The units that come with the program.

/// A unit that comes with the program: name, multiplier, divisor, base; English (one|many) and Chinese words.
pub type BuiltIn = (&'static str, f64, f64, &'static str, &'static str, &'static str);

/// The base of a dimension comes first. A year has 365 days and a month is its twelfth part: the conventions of
/// rates that are quoted by the year. `blob`: 4,096 field elements of 32 bytes (EIP-4844).
pub const BUILT_IN: &[BuiltIn] = &[
    ("s", 1.0, 1.0, "s", "s", "秒"),
    ("ms", 1.0, 1000.0, "s", "ms", "毫秒"),
    ("min", 60.0, 1.0, "s", "min", "分钟"),
    ("h", 3600.0, 1.0, "s", "h", "小时"),
    ("day", 86_400.0, 1.0, "s", "day|days", "天"),
    ("week", 604_800.0, 1.0, "s", "week|weeks", "周"),
    ("month", 2_628_000.0, 1.0, "s", "month|months", "个月"),
    ("year", 31_536_000.0, 1.0, "s", "year|years", "年"),
    ("B", 1.0, 1.0, "B", "B", "字节"),
    ("bit", 1.0, 8.0, "B", "bit|bits", "比特"),
    ("kB", 1e3, 1.0, "B", "kB", "kB"),
    ("MB", 1e6, 1.0, "B", "MB", "MB"),
    ("GB", 1e9, 1.0, "B", "GB", "GB"),
    ("KiB", 1024.0, 1.0, "B", "KiB", "KiB"),
    ("MiB", 1_048_576.0, 1.0, "B", "MiB", "MiB"),
    ("GiB", 1_073_741_824.0, 1.0, "B", "GiB", "GiB"),
    ("blob", 131_072.0, 1.0, "B", "blob|blobs", "个大对象"),
    ("gas", 1.0, 1.0, "gas", "gas", "gas"),
    ("tx", 1.0, 1.0, "tx", "tx", "笔"),
    ("wei", 1.0, 1.0, "wei", "wei", "wei"),
    ("gwei", 1e9, 1.0, "wei", "gwei", "gwei"),
    ("ETH", 1e18, 1.0, "wei", "ETH", "ETH"),
    ("msat", 1.0, 1.0, "msat", "msat", "毫聪"),
    ("sat", 1e3, 1.0, "msat", "sat", "聪"),
    ("BTC", 1e11, 1.0, "msat", "BTC", "BTC"),
    ("USD", 1.0, 1.0, "USD", "USD", "美元"),
    ("EUR", 1.0, 1.0, "EUR", "EUR", "欧元"),
    ("CNY", 1.0, 1.0, "CNY", "CNY", "元"),
    ("%", 1.0, 100.0, "", "%", "%"),
    ("bps", 1.0, 10_000.0, "", "bps", "个基点"),
    ("ppm", 1.0, 1e6, "", "ppm", "ppm"),
];

/// Where the base unit is not the one that people think in.
pub const USUAL: [(&str, &str); 2] = [("wei", "ETH"), ("msat", "sat")];
