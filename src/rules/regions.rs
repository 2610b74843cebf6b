//! The regions of Alibaba Cloud that are known today, to find a misspelt one.

use crate::source::nearest;

/// The ids of regions (documentation of Container Registry, "Endpoints", and of the regions of ECS). New regions are
/// opened every year, so an id that is not in the list is not an error.
const REGIONS: [&str; 37] = [
    "ap-northeast-1",
    "ap-northeast-2",
    "ap-south-1",
    "ap-southeast-1",
    "ap-southeast-2",
    "ap-southeast-3",
    "ap-southeast-5",
    "ap-southeast-6",
    "ap-southeast-7",
    "cn-beijing",
    "cn-beijing-finance-1",
    "cn-chengdu",
    "cn-fuzhou",
    "cn-guangzhou",
    "cn-hangzhou",
    "cn-hangzhou-finance",
    "cn-heyuan",
    "cn-heyuan-acdr-1",
    "cn-hongkong",
    "cn-huhehaote",
    "cn-nanjing",
    "cn-north-2-gov-1",
    "cn-qingdao",
    "cn-shanghai",
    "cn-shanghai-finance-1",
    "cn-shenzhen",
    "cn-shenzhen-finance-1",
    "cn-wuhan-lr",
    "cn-wulanchabu",
    "cn-zhangjiakou",
    "cn-zhengzhou-jva",
    "eu-central-1",
    "eu-west-1",
    "me-central-1",
    "me-east-1",
    "us-east-1",
    "us-west-1",
];

/// Returns the known region that an unknown one is probably a misspelling of.
///
/// A region that differs from a known one in its number only is a new one.
#[must_use]
pub fn find_correction(region: &str) -> Option<&'static str> {
    if REGIONS.contains(&region) {
        return None;
    }
    let similar = nearest(region, REGIONS)?;
    let letters = |text: &str| text.replace(|character: char| character.is_ascii_digit(), "");
    (letters(region) != letters(similar)).then_some(similar)
}

#[cfg(test)]
mod tests {
    use super::{REGIONS, find_correction};

    #[test]
    fn misspelt_regions_are_corrected() {
        for (given, correction) in [
            ("cn-shanghia", Some("cn-shanghai")),
            ("cn-shenzen", Some("cn-shenzhen")),
            ("cnhangzhou", Some("cn-hangzhou")),
            ("cn-hangzhou-b", Some("cn-hangzhou")),
            ("eu-centrel-1", Some("eu-central-1")),
            ("ap-southeast-4", None),
            ("us-west-1", None),
            ("us-west-2", None),
            ("xx-elsewhere-9", None),
        ] {
            assert_eq!(find_correction(given), correction, "{given}");
        }
        for known in REGIONS {
            assert_eq!(find_correction(known), None);
        }
    }
}
