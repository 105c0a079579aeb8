package io.claviger.client.apply;

import io.claviger.client.command.ClientCommand;
import io.claviger.client.faults.ClientFault;
import io.claviger.client.json.JsonTrees;
import io.claviger.client.session.ApiSession;
import io.claviger.client.terminal.ProgramContext;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

@Command(
    name = "apply",
    description = {
      "Make services, definitions, groups, projects, models and prices as a file says.",
      "What the file does not mention stays as it is."
    })
public final class ApplyCommand extends ClientCommand {
  @Option(
      names = {"-f", "--file"},
      required = true,
      paramLabel = "FILE",
      description = "The file, in YAML. - is standard input.")
  private String file = "";

  @Option(names = "--plan", description = "Show what would be done, and do nothing.")
  private boolean plan;

  @Option(
      names = "--prune",
      description = "Delete what an earlier file of the same name made, and this file lacks.")
  private boolean prune;

  @Option(
      names = "--allow-env",
      paramLabel = "NAME",
      split = ",",
      description = "A variable that the file may name as the source of a key.")
  private Set<String> allowed = new HashSet<>();

  @Option(names = "--yes", description = "Send keys to new destinations without asking.")
  private boolean yes;

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
      ActualState current = ActualStateReader.read(requests, session.user(), desired, prune);
      Plan steps = Plan.of(desired, current, prune, faults);
      faults.demandNone();
      if (plan) {
        show(steps);
        return DONE;
      }
      SecretFinder finder = new SecretFinder(context.environment(), allowed, directory());
      SentSecrets secrets = SentSecrets.of(steps, desired, finder, faults);
      faults.demandNone();
      confirm(steps);
      return execute(steps, requests, secrets);
    }
  }

  private int execute(Plan steps, RequestSender requests, SentSecrets secrets) {
    ApplyProgress progress = progress(steps.steps().size());
    List<String> refused =
        new PlanExecution(requests, secrets, progress::report).run(steps.steps());
    progress.end();
    if (!refused.isEmpty()) {
      out().flush();
      throw ClientFault.of(
          "%d of %d steps are done; apply the file again for the rest"
              .formatted(progress.count(), steps.steps().size()),
          refused.toArray(String[]::new));
    }
    out().println(json ? JsonTrees.pretty(PlanText.json(steps)) : PlanText.done(steps));
    return DONE;
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

  /** Asks before a key is sent to a place where no key of that service went before. */
  private void confirm(Plan steps) {
    List<PlanStep> asked = steps.steps().stream().filter(PlanStep::hasNewDestination).toList();
    if (asked.isEmpty() || yes) {
      return;
    }
    List<String> destinations =
        asked.stream()
            .flatMap(
                step ->
                    step.secrets().map(PlanText::destinations).orElse(List.of()).stream()
                        .map(line -> step.key().name() + " " + line))
            .toList();
    if (!context.terminal().isInput()) {
      throw disagreed(destinations);
    }
    destinations.forEach(err()::println);
    err().flush();
    Optional<String> answer = context.terminal().ask("Send these keys to new destinations? [y/N] ");
    if (answer.filter(text -> text.strip().matches("(?i)y|yes")).isEmpty()) {
      throw disagreed(List.of());
    }
  }

  private static ClientFault disagreed(List<String> destinations) {
    List<String> hints = new ArrayList<>(destinations);
    hints.add("Look at them with --plan, then confirm them with --yes.");
    return ClientFault.of(
        "keys would go to new destinations, which nobody confirmed; nothing was changed",
        hints.toArray(String[]::new));
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

  /** Files of secrets lie under the directory of the file. */
  private Path directory() {
    Path here = Path.of("").toAbsolutePath();
    Path parent = file.equals("-") ? null : Path.of(file).toAbsolutePath().getParent();
    return parent == null ? here : parent;
  }
}
