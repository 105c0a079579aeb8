package io.claviger.bootstrap.cli;

import com.fasterxml.jackson.annotation.JsonProperty;
import io.claviger.host.StartRefused;
import io.claviger.imports.shared.ImportReport;
import io.claviger.imports.shared.ReportEntry;
import io.claviger.imports.shared.ReportReason.Section;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.SerializationFeature;
import tools.jackson.databind.json.JsonMapper;

/** Writes the report of an import into a JSON file, which programs can read. */
final class ReportFile {
  private static final JsonMapper JSON =
      JsonMapper.builder().enable(SerializationFeature.INDENT_OUTPUT).build();

  private static final String SOURCE = "source";
  private static final String RUN = "run";

  /** The largest report that is read, in bytes; reports about 10,000 things are far smaller. */
  private static final long LONGEST = 256 * 1024 * 1024;

  private final Path file;

  private ReportFile(Path file) {
    this.file = file;
  }

  private record Line(String kind, String name, String reason, String detail) {
    static Line of(ReportEntry remark) {
      return new Line(
          remark.kind().wireName(), remark.name(), remark.reason().wireName(), remark.detail());
    }
  }

  private record Count(int found, int moved, int here, @JsonProperty("left_out") int leftOut) {}

  /**
   * Opens the file before the import starts, so that the import does not start if the file can't be
   * written.
   *
   * @throws StartRefused if the file can't be written
   */
  static ReportFile open(Path file) {
    try {
      Files.newOutputStream(file, StandardOpenOption.CREATE, StandardOpenOption.APPEND).close();
      return new ReportFile(file);
    } catch (IOException e) {
      throw new StartRefused("the report can't be written to " + file, e);
    }
  }

  /**
   * Returns the id of the run that an import continues: the run in the file, so that the file can
   * undo both imports; the new run if the file is empty. Writes the new run into the file before
   * anything is imported, so that an import that is killed can be undone too.
   *
   * @param source the identity of the database from which to import
   * @param fresh the id of the new run
   * @throws StartRefused if the file has another content, which must not be lost
   */
  UUID runFrom(String source, UUID fresh, boolean dryRun) {
    try {
      if (Files.size(file) > 0) {
        Run earlier = readRun(file);
        if (!earlier.source().equals(source)) {
          throw new StartRefused(
              file + " is the report of an import from another database; name another file");
        }
        return earlier.id();
      }
      if (!dryRun) {
        Map<String, Object> content = new LinkedHashMap<>();
        content.put(SOURCE, source);
        content.put(RUN, fresh.toString());
        content.put("interrupted", true);
        Files.write(file, JSON.writeValueAsBytes(content));
      }
      return fresh;
    } catch (IOException e) {
      throw new StartRefused("the report can't be written to " + file, e);
    }
  }

  void write(ImportReport report) {
    try {
      Files.write(file, JSON.writeValueAsBytes(content(report)));
    } catch (IOException e) {
      throw new StartRefused(
          "the import is done, but its report could not be written to " + file, e);
    }
  }

  private static List<Section> sections(ImportReport report) {
    return Arrays.stream(Section.values())
        .filter(section -> section != Section.KEPT || report.undone())
        .toList();
  }

  /**
   * The run of an import that a report describes.
   *
   * @param source the identity of the database from which the run imported
   */
  record Run(String source, UUID id) {}

  /**
   * @throws StartRefused if the file is not the report of a run that can be undone
   */
  static Run readRun(Path file) {
    try {
      if (Files.size(file) > LONGEST) {
        throw new StartRefused(file + " is too large to be the report of an import");
      }
      JsonNode report = JSON.readTree(Files.readAllBytes(file));
      return new Run(
          report.path(SOURCE).stringValue(), UUID.fromString(report.path(RUN).stringValue()));
    } catch (IOException e) {
      throw new StartRefused("the report %s can't be read".formatted(file), e);
    } catch (JacksonException | IllegalArgumentException e) {
      throw new StartRefused(file + " is not the report of an import that can be undone", e);
    }
  }

  private static Map<String, Object> content(ImportReport report) {
    Map<String, Object> content = new LinkedHashMap<>();
    content.put(SOURCE, report.source());
    content.put("dry_run", report.dryRun());
    content.put("changed_nothing", report.changedNothing());
    Map<String, Object> counts = new LinkedHashMap<>();
    report
        .counts()
        .forEach(
            (kind, c) ->
                counts.put(
                    kind.wireName(), new Count(c.found(), c.moved(), c.here(), c.leftOut())));
    content.put("counts", counts);
    report.run().ifPresent(run -> content.put(RUN, run.toString()));
    if (report.undone()) {
      content.put("undone", true);
    }
    for (Section section : sections(report)) {
      List<Line> lines = report.of(section).stream().map(Line::of).toList();
      content.put(section.wireName(), lines);
    }
    return content;
  }
}
