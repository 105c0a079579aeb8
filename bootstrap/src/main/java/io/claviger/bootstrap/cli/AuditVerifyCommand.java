package io.claviger.bootstrap.cli;

import io.claviger.application.audit.AuditChain;
import io.claviger.application.audit.port.TimeSpan;
import io.claviger.application.shared.StoreUnavailable;
import io.claviger.bootstrap.database.ConnectedDatabase;
import io.claviger.bootstrap.logging.StandardErrorLog;
import io.claviger.bootstrap.settings.Settings;
import io.claviger.domain.InvalidValue;
import io.claviger.domain.audit.ChainCheck;
import io.claviger.domain.audit.ChainCheck.Hashed;
import io.claviger.domain.audit.ChainHead;
import io.claviger.host.StartRefused;
import io.claviger.persistence.Schema;
import io.claviger.persistence.shared.Database;
import io.claviger.web.audit.AuditLines;
import io.claviger.wiring.CommandContext;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintWriter;
import java.io.RandomAccessFile;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.function.Consumer;
import java.util.function.Function;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

@Command(
    name = "verify",
    description = {
      "Check that no event of the audit trail was changed, removed, inserted or moved.",
      "Without FILE, the database is checked. An export is checked without a database."
    })
final class AuditVerifyCommand implements Callable<Integer> {
  private static final int LONGEST_LINE = 1 << 20;

  /** The size in bytes of the pieces in which a file is read and checked. */
  private static final int PIECE = 4 << 20;

  private final Map<String, String> environment;

  @Parameters(
      paramLabel = "FILE",
      arity = "0..1",
      description = "The file that audit export printed.")
  private Optional<Path> file = Optional.empty();

  @Option(
      names = "--head",
      paramLabel = "FILE",
      description =
          "A file with a signed head that audit head printed, kept where nobody can change"
              + " it. Repeatable.")
  private List<Path> heads = new ArrayList<>();

  @Spec private CommandSpec spec;

  @SuppressWarnings("NullAway.Init") // picocli sets the spec
  AuditVerifyCommand(Map<String, String> environment) {
    this.environment = environment;
  }

  @Override
  public Integer call() {
    List<ChainHead> kept = heads.stream().map(AuditVerifyCommand::head).toList();
    PrintWriter out = spec.commandLine().getOut();
    ChainCheck.Result result;
    if (file.isPresent()) {
      AuditLines.End end = end(file.get());
      result = ofFile(file.get(), end, kept);
      print(result, out);
      printSpan(end.span(), result, out);
    } else {
      result = ofDatabase(kept);
      print(result, out);
    }
    return result.isIntact() ? ExitCode.DONE : ExitCode.FAILED;
  }

  private static ChainHead head(Path file) {
    try {
      return AuditLines.readHead(Files.readString(file));
    } catch (IOException e) {
      throw new StartRefused("the head can't be read: " + file, e);
    } catch (InvalidValue e) {
      throw new StartRefused(file + " is not " + e.allowed(), e);
    }
  }

  private ChainCheck.Result ofDatabase(List<ChainHead> kept) {
    Settings settings = Settings.from(environment);
    StandardErrorLog.configure(settings.log());
    return inDatabase(settings, "audit verify", chain -> chain.verify(kept));
  }

  /**
   * Runs a task that checks the audit chain in the database. The calling command needs no
   * encryption key, and changes nothing.
   */
  static <T> T inDatabase(Settings settings, String command, Function<AuditChain, T> use) {
    try (ConnectedDatabase database = ConnectedDatabase.toJoin(settings);
        CommandContext context = CommandContext.of(database.pool(), Optional.empty(), command)) {
      requireCurrent(context);
      return use.apply(context.get(AuditChain.class));
    } catch (StoreUnavailable e) {
      throw new StartRefused(String.valueOf(e.getMessage()), e);
    }
  }

  /** Checks that this version can read the database. */
  static void requireCurrent(CommandContext context) {
    if (!Schema.isCurrent(context.get(Database.class))) {
      throw new StartRefused(
          "the database's schema is of another version of Claviger; start this version once to"
              + " upgrade it");
    }
  }

  private static AuditLines.End end(Path file) {
    try {
      return AuditLines.readEnd(lastLine(file));
    } catch (IOException e) {
      throw unreadable(e);
    } catch (InvalidValue e) {
      throw noExport(file, e);
    }
  }

  private static ChainCheck.Result ofFile(Path file, AuditLines.End end, List<ChainHead> kept) {
    try {
      List<ChainHead> all = new ArrayList<>(kept);
      end.head().ifPresent(all::add);
      ChainCheck check = new ChainCheck(all, end.span().since(), end.span().until());
      check(file, check);
      return check.end();
    } catch (IOException e) {
      throw unreadable(e);
    } catch (InvalidValue e) {
      throw noExport(file, e);
    }
  }

  private static StartRefused unreadable(IOException e) {
    return new StartRefused("the export can't be read: " + e.getMessage(), e);
  }

  private static StartRefused noExport(Path file, InvalidValue e) {
    return new StartRefused(
        file
            + " is not an export of the audit trail: each line has to be as audit export printed it,"
            + " and the last line has to be the head",
        e);
  }

  /**
   * The position and length of a line in a piece of the file. The length does not include the line
   * end.
   */
  private record Line(int from, int length) {}

  private static void check(Path file, ChainCheck check) throws IOException {
    byte[] piece = new byte[PIECE];
    int kept = 0;
    try (InputStream in = Files.newInputStream(file)) {
      for (boolean last = false; !last; ) {
        int end = kept + in.readNBytes(piece, kept, PIECE - kept);
        last = end < PIECE;
        List<Line> lines = lines(piece, end, last);
        // All cores parse and hash lines at the same time. The order of the lines matters only for
        // the work that follows.
        lines.parallelStream()
            .flatMap(line -> AuditLines.read(piece, line.from(), line.length()).stream())
            .<Consumer<ChainCheck>>map(AuditVerifyCommand::examined)
            .toList()
            .forEach(line -> line.accept(check));
        int used = lines.isEmpty() ? 0 : lines.getLast().from() + lines.getLast().length() + 1;
        kept = Math.max(0, end - used);
        System.arraycopy(piece, end - kept, piece, 0, kept);
      }
    }
  }

  /**
   * Finds the complete lines in a piece of the file.
   *
   * @param last whether this is the last piece, whose last line might lack a line end
   */
  private static List<Line> lines(byte[] piece, int end, boolean last) {
    List<Line> lines = new ArrayList<>();
    int from = 0;
    for (int i = 0; i < end; i++) {
      if (piece[i] == '\n') {
        lines.add(new Line(from, i - from));
        from = i + 1;
      }
    }
    if (last && from < end) {
      lines.add(new Line(from, end - from));
    } else if (end - from > LONGEST_LINE) {
      throw new InvalidValue("line", "a line of an export of the audit trail");
    }
    return lines;
  }

  /**
   * Computes a line's hashes. The hashes can be computed for the lines in any order. Returns the
   * remaining work. The remaining work has to be done in the order of the lines.
   */
  private static Consumer<ChainCheck> examined(AuditChain.ExportedLine line) {
    if (line.link().isPresent()) {
      Hashed hashed = Hashed.of(line.link().get(), line.event());
      return check -> check.add(hashed);
    }
    return ChainCheck::countUnsealed;
  }

  private static String lastLine(Path path) throws IOException {
    try (RandomAccessFile file = new RandomAccessFile(path.toFile(), "r")) {
      long from = Math.max(0, file.length() - LONGEST_LINE);
      byte[] end = new byte[(int) (file.length() - from)];
      file.seek(from);
      file.readFully(end);
      String text = new String(end, StandardCharsets.UTF_8).stripTrailing();
      return text.substring(text.lastIndexOf('\n') + 1);
    }
  }

  private static void print(ChainCheck.Result result, PrintWriter out) {
    for (ChainCheck.Finding finding : result.findings()) {
      out.println(
          (finding.number() == 0 ? "" : "number " + finding.number() + ": ") + finding.what());
    }
    if (result.found() > result.findings().size()) {
      out.printf("and %,d more%n", result.found() - result.findings().size());
    }
    String last =
        result
            .last()
            .map(link -> "up to number %,d of %s".formatted(link.number(), link.at()))
            .orElse("there is no sealed event");
    out.printf(
        result.events() == 1
            ? "%,d event is as it was sealed, %s.%n"
            : "%,d events are as they were sealed, %s.%n",
        result.events(),
        last);
    printSigned(result, out);
    if (result.removed() > 0) {
      String were =
          result.removed() == 1 ? "was removed with its month" : "were removed with their months";
      out.printf("%,d %s.%n", result.removed(), were);
    }
    if (result.unsealed() > 0) {
      String are = result.unsealed() == 1 ? "is" : "are";
      out.printf("%,d %s too new to be sealed.%n", result.unsealed(), are);
    }
  }

  /**
   * Prints which events of the audit trail the newest signed head covers, and the key that signed
   * it. The user has to check both, because a forger could add events after the newest head, or
   * sign a new head with another key.
   */
  private static void printSigned(ChainCheck.Result result, PrintWriter out) {
    result
        .head()
        .ifPresent(
            head ->
                out.printf(
                    "The newest head covers the events up to number %,d. It was signed at %s with"
                        + " the key %s.%n",
                    head.number(), head.at(), head.keyId()));
    if (result.unsigned() > 0) {
      String some =
          result.unsigned() == 1
              ? "the last of them"
              : "the last %,d of them".formatted(result.unsigned());
      String all = result.events() == 1 ? "it" : "them";
      out.printf("No head covers %s.%n", result.unsigned() < result.events() ? some : all);
    }
  }

  /**
   * Prints the time span that the file itself states. The user has to compare this span with the
   * requested span.
   */
  private static void printSpan(TimeSpan span, ChainCheck.Result result, PrintWriter out) {
    if (span.equals(TimeSpan.ALWAYS)) {
      return;
    }
    out.printf(
        "The file says that it has the events%s%s.%n",
        span.since().map(since -> " from " + since + " on").orElse(""),
        span.until().map(until -> " before " + until).orElse(""));
    for (ChainHead head : result.uncompared()) {
      out.printf(
          "The head of number %,d, signed at %s, is outside of this time span and was not "
              + "compared.%n",
          head.number(), head.at());
    }
  }
}
