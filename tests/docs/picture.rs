//! The picture of a plan in the README: the output of the quick start on a terminal, as SVG.

use anstyle_svg::Term;

use crate::support::{crdrift, is_blessing, read, repository};

const PICTURE: &str = "docs/plan.svg";

#[test]
fn the_picture_of_a_plan_is_current() {
    let drawn = draw();
    if is_blessing() {
        std::fs::write(repository(PICTURE), drawn).expect("written");
    } else {
        assert!(
            drawn == read(PICTURE),
            "{PICTURE} is stale: CRDRIFT_BLESS=1 cargo test docs"
        );
    }
}

fn draw() -> String {
    let command = "crdrift plan --live live.json";
    let ran = crdrift()
        .files_of(&repository("examples/quickstart"))
        .args(command.split(' ').skip(1))
        .args(["--color", "always"])
        .run();
    assert_eq!(ran.code, 2, "{ran:?}");
    finished(&Term::new().render_svg(&format!(
        "$ {command}\n{}{}",
        ran.stdout,
        ran.stderr.trim_end()
    )))
}

/// The drawing with what it lacks as a picture in a page: it scales, has a name, and follows the reader's theme.
fn finished(svg: &str) -> String {
    let (size, rest) = svg
        .strip_prefix("<svg ")
        .and_then(|svg| svg.split_once(" xmlns"))
        .expect("an SVG");
    let number = |name| {
        let (_, behind) = size.split_once(&format!("{name}=\"")).expect("a size");
        behind.split_once("px").expect("in px").0
    };
    let (width, height) = (number("width"), number("height"));
    let (root, body) = rest.split_once(">\n").expect("an element");
    let body = body.replace("  </style>\n", &format!("{THEMES}  </style>\n"));
    format!(
        "<svg width=\"{width}\" height=\"{height}\" viewBox=\"0 0 {width} {height}\" role=\"img\" \
         aria-labelledby=\"title desc\" xmlns{root}>\n{NAMES}{body}"
    )
}

const NAMES: &str = "  <title id=\"title\">A plan of crdrift at a terminal</title>
  <desc id=\"desc\">The quick start's plan: one rule is live under another name, one is live and undeclared, one has
  another tag filter, one is missing. The last line gives the exit code, 2.</desc>
";

/// Every colour reaches a contrast of 4.5 to 1 on its ground.
const THEMES: &str = "    .dimmed { opacity: 0.7; }
    .fg { fill: #e6edf3 }
    .bg { fill: #0d1117 }
    .fg-green { fill: #3fb950 }
    .fg-red { fill: #ff7b72 }
    .fg-yellow { fill: #d29922 }
    @media (prefers-color-scheme: light) {
      .fg { fill: #1f2328 }
      .bg { fill: #f6f8fa }
      .fg-green { fill: #116329 }
      .fg-red { fill: #a40e26 }
      .fg-yellow { fill: #7d4e00 }
    }
";
