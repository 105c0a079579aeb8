package io.claviger.client.apply;

import io.claviger.client.command.ClientCommand;
import io.claviger.client.command.Confirmation;
import io.claviger.client.faults.ClientFault;
import io.claviger.client.json.JsonTrees;
import io.claviger.client.session.ApiSession;
import io.claviger.client.settings.ConfirmedDestinations;
import io.claviger.client.terminal.ProgramContext;
import io.claviger.client.text.TerminalText;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.BiConsumer;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

@Command(
    name = "apply",
    description = {
      "Create and change services, definitions, groups, projects, models and prices as a file says.",
      "Things that the file does not mention stay as they are."
    })
public final class ApplyCommand extends ClientCommand {
  @Option(
      names = {"-f", "--file"},
      required = true,
      paramLabel = "FILE",
      description = "The file, in YAML. - is standard input.")
  private String file = "";

  @Option(
      names = "--plan",
      description = {
        "Show what would be done, and do nothing. Exit code 4 if there is something to do, 0 if not."
      })
  private boolean plan;

  @Option(
      names = "--prune",
      description =
          "Delete things that an earlier file of the same name created and that this "
              + "file lacks.")
  private boolean prune;

  @Option(
      names = "--allow-env",
      paramLabel = "NAME",
      split = ",",
      description = "An environment variable from which the file may take a key.")
  private Set<String> allowed = new HashSet<>();

  @Option(
      names = "--yes",
      description = {
        "Do not ask before services are deleted, before keys are sent to new destinations that the"
            + " file names, or before keys are sent together with headers from files."
      })
  private boolean yes;

  @Option(
      names = "--send-to",
      paramLabel = "URL",
      split = ",",
      description =
          "Confirm an address to which keys will be sent. Only addresses that the file does not"
              + " name need this: endpoints, and the token URLs of their credentials.")
  private Set<String> endpoints = new HashSet<>();

  @Option(names = "--json", description = "Print the plan as JSON.")
  private boolean json;

  public ApplyCommand(ProgramContext context) {
    super(context);
  }

  @Override
  protected int run(ApiSession session) {
    FileFaults faults = new FileFaults(file);
    DesiredState desired = DesiredStateReader.read(document(), session.user(), faults);
    faults.demandNone();
    try (RequestSender requests = new RequestSender(session.api())) {
      ActualState current =
          ActualStateReader.read(requests, session.user(), desired, prune, faults);
      ConfirmedDestinations confirmed = session.destinations();
      Plan steps =
          Plan.of(
              desired,
              current,
              prune,
              (service, to) -> isNamed(to) || confirmed.contain(service, to),
              faults);
      faults.demandNone();
      if (plan) {
        show(steps);
        return steps.steps().isEmpty() ? DONE : SOMETHING_TO_CHANGE;
      }
      SecretFinder finder = new SecretFinder(context.environment(), allowed, directory());
      SentSecrets secrets = SentSecrets.of(steps, desired, finder, faults);
      faults.demandNone();
      confirmDestinations(steps);
      confirmDeletions(steps);
      confirmed.addAll(destinations(steps));
      return execute(steps, requests, secrets);
    }
  }

  private int execute(Plan steps, RequestSender requests, SentSecrets secrets) {
    ApplyProgress progress = progress(steps.steps().size());
    PlanExecution execution = new PlanExecution(requests, secrets, progress::report);
    List<String> refused = execution.run(steps.steps());
    progress.end();
    execution.waiting().forEach(err()::println);
    if (!refused.isEmpty()) {
      out().flush();
      throw ClientFault.of(
          "%d of %d steps are done; apply the file again for the rest"
              .formatted(progress.count(), steps.steps().size()),
          refused.toArray(String[]::new));
    }
    out()
        .println(
            json
                ? JsonTrees.pretty(PlanText.json(steps))
                : PlanText.done(steps, execution.waiting().size()));
    return execution.waiting().isEmpty() ? DONE : SOMETHING_LEFT_OUT;
  }

  private ApplyProgress progress(int all) {
    if (json) {
      return ApplyProgress.silent();
    }
    return context.terminal().isOutput()
        ? ApplyProgress.onTerminal(out(), all)
        : ApplyProgress.lines(out());
  }

  private void show(Plan steps) {
    if (json) {
      out().println(JsonTrees.pretty(PlanText.json(steps)));
      return;
    }
    steps.steps().forEach(step -> PlanText.lines(step).forEach(out()::println));
    steps.kept().forEach(kept -> out().println(PlanText.kept(kept)));
    out().println(PlanText.summary(steps));
  }

  private boolean isNamed(String destinations) {
    List<String> named = endpoints.stream().map(ConfirmedDestinations::normalized).toList();
    return named.containsAll(List.of(destinations.split(" ", -1)));
  }

  /**
   * Asks for confirmation before a key is sent to a destination to which the user has not agreed.
   */
  private void confirmDestinations(Plan steps) {
    List<String> asked = new ArrayList<>();
    Set<String> notInFile = new TreeSet<>();
    for (PlanStep step : steps.steps()) {
      step.questionable()
          .filter(
              delivery -> !yes || delivery.destination() == PlanStep.DestinationTrust.NOT_IN_FILE)
          .ifPresent(
              delivery -> {
                PlanText.destinations(delivery)
                    .forEach(line -> asked.add(TerminalText.line(step.key().name() + " " + line)));
                if (delivery.destination() == PlanStep.DestinationTrust.NOT_IN_FILE) {
                  notInFile.addAll(List.of(delivery.destinations().split(" ", -1)));
                }
              });
    }
    if (!asked.isEmpty() && !agrees(asked, "Send these keys there?")) {
      List<String> hints = new ArrayList<>(context.terminal().isInput() ? List.of() : asked);
      hints.add(
          "--plan shows the destinations. --yes confirms the destinations that the file names, and"
              + " headers from files.");
      if (!notInFile.isEmpty()) {
        hints.add(
            TerminalText.line(
                "Write each `endpoint` into the file, or confirm all addresses: --send-to "
                    + String.join(",", notInFile)));
      }
      throw ClientFault.of(
          "keys would go to destinations that nobody confirmed; nothing was changed",
          hints.toArray(String[]::new));
    }
  }

  /** Asks for confirmation before services are deleted with their keys and shares. */
  private void confirmDeletions(Plan steps) {
    List<String> deleted =
        steps.steps().stream()
            .filter(step -> step.action() == PlanStep.Action.DELETE)
            .filter(step -> step.key().kind() == ResourceKind.SERVICE)
            .map(PlanText::headline)
            .toList();
    if (!deleted.isEmpty()
        && !yes
        && !agrees(deleted, "Delete these services with their keys and shares?")) {
      List<String> hints = new ArrayList<>(context.terminal().isInput() ? List.of() : deleted);
      hints.add("--plan shows the services. --yes confirms that they are deleted.");
      throw ClientFault.of(
          "services would be deleted, which nobody confirmed; nothing was changed",
          hints.toArray(String[]::new));
    }
  }

  private boolean agrees(List<String> lines, String question) {
    if (!context.terminal().isInput()) {
      return false;
    }
    lines.forEach(err()::println);
    err().flush();
    return Confirmation.agrees(context.terminal(), question);
  }

  private static Map<String, String> destinations(Plan steps) {
    Map<String, String> destinations = new LinkedHashMap<>();
    for (PlanStep step : steps.steps()) {
      step.secrets()
          .ifPresent(delivery -> destinations.put(step.key().name(), delivery.destinations()));
    }
    return destinations;
  }

  private byte[] document() {
    try {
      if (file.equals("-")) {
        return context.terminal().input().readNBytes(Yaml.MOST_BYTES + 1);
      }
      try (InputStream input = Files.newInputStream(Path.of(file))) {
        return input.readNBytes(Yaml.MOST_BYTES + 1);
      }
    } catch (IOException | InvalidPathException e) {
      throw ClientFault.of("the file %s can't be read".formatted(file));
    }
  }

  /** Returns the directory of the file. Files with secrets must be in this directory. */
  private Path directory() {
    Path here = Path.of("").toAbsolutePath();
    Path parent = file.equals("-") ? null : Path.of(file).toAbsolutePath().getParent();
    return parent == null ? here : parent;
  }

  /** Prints a line for each completed step. Several threads can report completed steps. */
  static final class ApplyProgress {
    /** Moves the cursor to the beginning of the line, and clears the line. */
    private static final String LINE_START = "\r\033[K";

    private final BiConsumer<Integer, PlanStep> telling;
    private final Runnable ending;
    private int count;

    private ApplyProgress(BiConsumer<Integer, PlanStep> telling, Runnable ending) {
      this.telling = telling;
      this.ending = ending;
    }

    static ApplyProgress silent() {
      return new ApplyProgress((number, step) -> {}, () -> {});
    }

    static ApplyProgress lines(PrintWriter out) {
      return new ApplyProgress((number, step) -> out.println(PlanText.headline(step)), out::flush);
    }

    /**
     * Prints the completed steps and, below them, a line with the number of completed steps. This
     * last line is removed at the end.
     *
     * @param all the number of steps in the plan
     */
    static ApplyProgress onTerminal(PrintWriter out, int all) {
      return new ApplyProgress(
          (number, step) -> {
            out.println(LINE_START + PlanText.headline(step));
            out.print("%,d of %,d".formatted(number, all));
            out.flush();
          },
          () -> {
            out.print(LINE_START);
            out.flush();
          });
    }

    synchronized void report(PlanStep step) {
      count++;
      telling.accept(count, step);
    }

    void end() {
      ending.run();
    }

    synchronized int count() {
      return count;
    }
  }
}
