package io.claviger.bootstrap.cli;

import io.claviger.imports.shared.ImportReport;
import io.claviger.imports.shared.ImportedKind;
import io.claviger.imports.shared.ReportEntry;
import io.claviger.imports.shared.ReportReason.Section;
import java.io.PrintWriter;
import java.util.List;
import java.util.Locale;
import java.util.Map;

final class ReportText {
  private static final Map<Section, String> HEADINGS =
      Map.of(
          Section.FORMATS,
              "Keys whose clients speak another format than a provider of their models",
          Section.LEFT_OUT, "Left out",
          Section.LINKS_LEFT, "Services linked to a project that has another",
          Section.HANDLES_CHANGED, "Handles that changed",
          Section.STANDARDS_THAT_DIFFER, "API standards that differ from the existing ones",
          Section.NOT_CARRIED, "Not carried",
          Section.KEPT, "Kept, because somebody changed or uses them",
          Section.USERS_WITHOUT_TOKEN, "Users without an access token; create one for each",
          Section.NOTES, "Notes");

  private ReportText() {}

  static void print(ImportReport report, PrintWriter out) {
    out.println(headline(report));
    String form = "%-18s %9s %9s %9s %9s%n";
    if (report.undone()) {
      out.printf(Locale.ROOT, form, "", "made", "removed", "gone", "kept");
    } else {
      out.printf(Locale.ROOT, form, "", "found", "moved", "here", "left out");
    }
    report
        .counts()
        .forEach(
            (kind, c) ->
                out.printf(
                    Locale.ROOT,
                    "%-18s %9d %9d %9d %9d%n",
                    noun(kind),
                    c.found(),
                    c.moved(),
                    c.here(),
                    c.leftOut()));
    for (Section section : Section.values()) {
      print(section, report.of(section), out);
    }
  }

  private static String headline(ImportReport report) {
    if (report.undone()) {
      return report.dryRun()
          ? "Dry run: nothing was changed. This would be removed:"
          : report.changedNothing() ? "Nothing was removed." : "Removed:";
    }
    if (report.changedNothing()) {
      return report.dryRun()
          ? "Dry run: nothing would be changed."
          : "Nothing was changed: everything that can be imported exists already.";
    }
    return report.dryRun() ? "Dry run: nothing was changed. The import would be:" : "Imported:";
  }

  private static void print(Section section, List<ReportEntry> remarks, PrintWriter out) {
    if (remarks.isEmpty()) {
      return;
    }
    out.printf("%n%s:%n", HEADINGS.get(section));
    for (ReportEntry remark : remarks) {
      String detail = remark.detail().isEmpty() ? "" : " (" + remark.detail() + ")";
      out.printf(
          "  %s %s: %s%s%n",
          remark.kind().wireName(), remark.name(), remark.reason().wireName(), detail);
    }
  }

  private static String noun(ImportedKind kind) {
    if (kind == ImportedKind.USAGE) {
      return "months of usage";
    }
    String name = kind.wireName().replace('_', ' ');
    return name.endsWith("s") ? name : name + "s";
  }
}
