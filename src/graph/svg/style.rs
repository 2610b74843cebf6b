//! The style sheet: one for light and dark, as the viewer prefers.
//!
//! Every colour has a contrast of at least 3 to 1 against the page, and of 4.5 to 1 where it is text (WCAG 2.2, 1.4.3 and
//! 1.4.11). Colour is never the only sign of a state: the lines have their own patterns, and the names their own signs.

/// The whole element.
pub(super) const SHEET: &str = "\
<style>
.crdrift-graph{--page:#fff;--card:#f6f8fa;--edge:#d0d7de;--ink:#1f2328;--faint:#59636e;--warning:#a40e26;
--plain:#4a5568;--in_sync:#5c7a6b;--ignored:#77808a;--unverified:#7a3fc4;--changed:#8f5a00;--missing:#0a58c2;--unmanaged:#c11f2a;
font-family:ui-monospace,SFMono-Regular,Menlo,Consolas,'DejaVu Sans Mono','Liberation Mono',monospace;font-size:12px}
@media (prefers-color-scheme:dark){.crdrift-graph{--page:#0d1117;--card:#161b22;--edge:#3d444d;--ink:#e6edf3;--faint:#9198a1;--warning:#ff8e88;
--plain:#a3adba;--in_sync:#7fa592;--ignored:#848d97;--unverified:#bf94ff;--changed:#dba11c;--missing:#62a8ff;--unmanaged:#ff7b72}}
.crdrift-graph{background:var(--page)}
.crdrift-graph .page{fill:var(--page)}
.crdrift-graph text{fill:var(--ink)}
.crdrift-graph .head{font-size:16px;font-weight:600}
.crdrift-graph .faint,.crdrift-graph .region{fill:var(--faint)}
.crdrift-graph .region{font-size:11px}
.crdrift-graph .warning{fill:var(--warning);font-weight:600}
.crdrift-graph .title{font-weight:600}
.crdrift-graph .body{fill:var(--card);stroke:var(--edge)}
.crdrift-graph .line{stroke:var(--edge);fill:none}
.crdrift-graph .unread .body{stroke:var(--warning);stroke-dasharray:4 3}
.crdrift-graph .unread .region{fill:var(--warning)}
.crdrift-graph .strange .body{stroke-dasharray:2 3}
.crdrift-graph .s-plain{--it:var(--plain)}
.crdrift-graph .s-in_sync{--it:var(--in_sync)}
.crdrift-graph .s-ignored{--it:var(--ignored)}
.crdrift-graph .s-unverified{--it:var(--unverified)}
.crdrift-graph .s-changed{--it:var(--changed)}
.crdrift-graph .s-missing{--it:var(--missing)}
.crdrift-graph .s-unmanaged{--it:var(--unmanaged)}
.crdrift-graph .way{fill:none;stroke:var(--it);stroke-width:1.4}
.crdrift-graph .point{fill:var(--it);stroke:none}
.crdrift-graph .some .way{stroke-width:2}
.crdrift-graph .many .way{stroke-width:2.8}
.crdrift-graph .s-changed .way{stroke-width:2;stroke-dasharray:9 3 2 3}
.crdrift-graph .s-missing .way{stroke-width:2;stroke-dasharray:7 4}
.crdrift-graph .s-unverified .way{stroke-dasharray:2 3}
.crdrift-graph .s-unmanaged .way{stroke-width:2.4}
.crdrift-graph .s-ignored .way{stroke-width:1;stroke-dasharray:1 3}
.crdrift-graph .cell{fill:var(--it);fill-opacity:.14;stroke:var(--it)}
.crdrift-graph .s-changed .cell{stroke-dasharray:9 3 2 3}
.crdrift-graph .s-missing .cell{stroke-dasharray:7 4}
.crdrift-graph .s-unverified .cell{stroke-dasharray:2 3}
.crdrift-graph .s-ignored .cell{stroke-dasharray:1 3}
.crdrift-graph .s-unmanaged .cell{stroke-width:2}
.crdrift-graph .s-in_sync .cell,.crdrift-graph .s-plain .cell{stroke:none}
.crdrift-graph .same{fill:var(--card)}
.crdrift-graph .number{fill:var(--ink);text-anchor:middle}
.crdrift-graph .s-changed .number,.crdrift-graph .s-missing .number,.crdrift-graph .s-unmanaged .number{font-weight:600}
.crdrift-graph .total{fill:var(--faint);font-size:10px;text-anchor:middle}
.crdrift-graph .name{fill:var(--it);font-size:11px}
.crdrift-graph .ends{text-anchor:end}
@media print{.crdrift-graph{--page:#fff}}
</style>
";
