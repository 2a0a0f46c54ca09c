//! The `packet` command.
fn main() {
    let path = std::env::args().nth(1).unwrap();
    let s = std::fs::read_to_string(&path).unwrap();
    let (d, f) = packet::parser::parse("docs/enablement/x.md", &s, &Default::default());
    for g in &d.gates {
        println!(
            "GATE {} {:?} {:?} {:?}",
            d.line(g.span),
            g.name,
            g.paths
                .iter()
                .map(|p| p.pattern.clone().map(|x| x.text().to_owned()))
                .collect::<Vec<_>>(),
            g.targets
        );
    }
    for g in &d.placeholders {
        println!(
            "PH {} {:?} {:?}",
            d.line(g.span),
            g.span.of(&s),
            g.notification
        );
    }
    for g in &d.notifications {
        println!(
            "NOT {} {:?} {:?}",
            d.line(g.subject_span),
            g.subject,
            g.body.len()
        );
    }
    for g in &d.recipients {
        println!(
            "REC {} {:?} {:?} {:?} {:?}",
            d.line(g.span),
            g.name,
            g.role,
            g.group,
            g.ask
        );
    }
    for g in &d.channels {
        println!("CH {} {:?} {:?}", d.line(g.span), g.kind, g.target);
    }
    if let Some(l) = &d.layout {
        println!("LAYOUT {}", l.root);
        for g in &l.leaves {
            println!("  {} {} {:?}", d.line(g.span), g.path, g.span.of(&s));
        }
    }
    for t in &d.trackers {
        println!("TR {:?}", t.columns);
        for r in &t.rows {
            println!(
                "  {} {:?} {:?} {:?}",
                d.line(r.span),
                r.name,
                r.role,
                r.cells.iter().map(|c| c.of(&s)).collect::<Vec<_>>()
            );
        }
    }
    println!("STATUS {:?}", d.status_field.map(|x| x.value.of(&s)));
    println!("TASKS {}", d.tasks.len());
    for m in &d.mentions {
        println!("M {} {:?}", m.path, m.notification);
    }
    for x in f {
        println!("DIAG {} {} {}", x.code, d.line(x.span), x.message);
    }
}
