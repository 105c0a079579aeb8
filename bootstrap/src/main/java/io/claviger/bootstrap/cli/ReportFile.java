package io.claviger.bootstrap.cli;

import static java.nio.file.StandardOpenOption.APPEND;
import static java.nio.file.StandardOpenOption.CREATE;
import static java.nio.file.StandardOpenOption.WRITE;

import com.fasterxml.jackson.annotation.JsonProperty;
import io.claviger.client.settings.PrivateFiles;
import io.claviger.host.StartRefused;
import io.claviger.imports.shared.ImportReport;
import io.claviger.imports.shared.ReportEntry;
import io.claviger.imports.shared.ReportReason.Section;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.SerializationFeature;
import tools.jackson.databind.json.JsonMapper;

/** Writes the report of an import to a machine-readable JSON file. */
final class ReportFile {
  private static final JsonMapper JSON =
      JsonMapper.builder().enable(SerializationFeature.INDENT_OUTPUT).build();

  private static final String SOURCE = "source";
  private static final String RUN = "run";

  private static final FileAttribute<Set<PosixFilePermission>> OF_THE_OWNER =
      PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------"));

  /**
   * The maximum size of a report in bytes. Even the report of an import of 10,000 things is far
   * smaller.
   */
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
   * Opens the file before the import starts, because an import must not start if it can't write its
   * report. A new file can be read only by its owner, because a report names people.
   *
   * @throws StartRefused if the file can't be written
   */
  static ReportFile open(Path file) {
    try {
      FileChannel.open(file, Set.of(CREATE, APPEND), OF_THE_OWNER).close();
      return new ReportFile(file);
    } catch (IOException e) {
      throw unwritable(file, e);
    }
  }

  private static StartRefused unwritable(Path file, IOException why) {
    return new StartRefused(
        "the report can't be written to %s: %s".formatted(file, PrivateFiles.reason(why)), why);
  }

  /**
   * Returns the id of the run that an import continues. The result is the run in the file, or the
   * new run if the file is empty. Because imports with the same file have the same run, the file
   * can be used to undo all of them. Writes the new run into the file before anything is imported,
   * so that even a killed import can be undone. Imports that start at the same time with the same
   * file get the same run.
   *
   * @param source the identity of the source database
   * @param fresh the new run's id
   * @throws StartRefused if the file has other content, which must not be lost
   */
  UUID runFrom(String source, UUID fresh, boolean dryRun) {
    try {
      return locked(
          channel -> {
            if (Files.size(file) > 0) {
              return earlier(source).id();
            }
            if (!dryRun && Files.isRegularFile(file)) {
              Map<String, Object> content = new LinkedHashMap<>();
              content.put(SOURCE, source);
              content.put(RUN, fresh.toString());
              content.put("interrupted", true);
              overwrite(channel, JSON.writeValueAsBytes(content));
            }
            return fresh;
          });
    } catch (IOException e) {
      throw unwritable(file, e);
    }
  }

  @FunctionalInterface
  private interface Work<T> {
    T on(FileChannel channel) throws IOException;
  }

  /** Runs work on the file while no other import uses the file. */
  private <T> T locked(Work<T> work) throws IOException {
    // Threads of this process exclude each other by a monitor, because a lock on a file belongs to
    // the whole process.
    synchronized (ReportFile.class) {
      try (FileChannel channel = FileChannel.open(file, WRITE)) {
        FileLock unused = channel.lock(); // until the channel is closed
        return work.on(channel);
      }
    }
  }

  /**
   * Checks that the report about the undoing of a run does not replace the report of another run.
   *
   * @throws StartRefused if the file has other content, which must not be lost
   */
  void requireFor(Run undone) {
    try {
      if (Files.size(file) > 0 && !earlier(undone.source()).equals(undone)) {
        throw new StartRefused(file + " is the report of another import; name another file");
      }
    } catch (IOException e) {
      throw unwritable(file, e);
    }
  }

  private Run earlier(String source) {
    Run earlier = readRun(file);
    if (!earlier.source().equals(source)) {
      throw new StartRefused(
          file + " is the report of an import from another database; name another file");
    }
    return earlier;
  }

  void write(ImportReport report) {
    byte[] content = JSON.writeValueAsBytes(content(report));
    try {
      Object unused =
          locked(
              channel -> {
                if (Files.isRegularFile(file)) {
                  overwrite(channel, content);
                } else {
                  write(channel, content); // such as /dev/null
                }
                return file;
              });
    } catch (IOException e) {
      throw new StartRefused(
          "the import is done, but its report could not be written to %s: %s"
              .formatted(file, PrivateFiles.reason(e)),
          e);
    }
  }

  /**
   * Replaces the file's content. If the disk is full, the file keeps its former report, which
   * identifies the run to undo. The file itself is not replaced, so its owner, permissions and
   * links stay unchanged.
   */
  private static void overwrite(FileChannel channel, byte[] content) throws IOException {
    long before = channel.size();
    try {
      // The file is first extended with blanks, which JSON allows at the end. So the former report
      // can be read until it is overwritten.
      byte[] room = new byte[(int) Math.max(0, content.length - before)];
      Arrays.fill(room, (byte) ' ');
      write(channel.position(before), before > 0 ? room : content);
      channel.force(true);
    } catch (IOException e) {
      FileChannel unused = channel.truncate(before);
      throw e;
    }
    if (before > 0) {
      write(channel.position(0), content);
      FileChannel unused = channel.truncate(content.length);
      channel.force(true);
    }
  }

  private static void write(FileChannel channel, byte[] content) throws IOException {
    ByteBuffer rest = ByteBuffer.wrap(content);
    while (rest.hasRemaining()) {
      int unused = channel.write(rest);
    }
  }

  private static List<Section> sections(ImportReport report) {
    return Arrays.stream(Section.values())
        .filter(section -> section != Section.KEPT || report.undone())
        .toList();
  }

  /**
   * The run of an import, as its report states it.
   *
   * @param source the identity of the source database
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
    report.run().ifPresent(run -> content.put(RUN, run.toString()));
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
