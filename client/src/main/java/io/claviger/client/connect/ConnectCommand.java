package io.claviger.client.connect;

import io.claviger.client.command.ClientCommand;
import io.claviger.client.command.CompletedNames;
import io.claviger.client.command.Confirmation;
import io.claviger.client.connect.ClientSetups.ClientSetup;
import io.claviger.client.connect.ClientSetups.ClientSetup.Setting;
import io.claviger.client.connect.ClientSetups.ConnectedService;
import io.claviger.client.connect.ConnectionJournal.JournalEntry;
import io.claviger.client.connect.ConnectionJournal.WrittenSetting;
import io.claviger.client.faults.ClientFault;
import io.claviger.client.http.GatewayUrl;
import io.claviger.client.json.JsonTrees;
import io.claviger.client.session.ApiSession;
import io.claviger.client.settings.SavedSignIns;
import io.claviger.client.terminal.ProgramContext;
import io.claviger.client.text.TerminalText;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import tools.jackson.databind.JsonNode;

@Command(
    name = "connect",
    description = {
      "Write the settings with which another program calls its models through the server.",
      "The other settings of the program are kept. For SDKs, nothing is"
          + " written: variables for a shell are printed."
    })
public final class ConnectCommand extends ClientCommand {
  /**
   * The settings whose former values may be shown, because these settings are never secrets: the
   * names of models and the kinds of login.
   */
  private static final Set<String> SHOWN =
      Set.of("model", "model_provider", "name", "selectedType", "ANTHROPIC_MODEL");

  @Parameters(
      paramLabel = "PROGRAM",
      completionCandidates = ConnectableClient.Handles.class,
      description =
          "claude-code, claude-code-bedrock, claude-code-vertex, codex, gemini, opencode,"
              + " openai-sdk, anthropic-sdk, gemini-sdk, cohere-sdk, bedrock-sdk or vertex-sdk.")
  private String program;

  @Option(
      names = "--service",
      completionCandidates = CompletedNames.Services.class,
      paramLabel = "REF",
      description = "Call only this service. Without this option, the name of the model decides.")
  private Optional<String> service = Optional.empty();

  @Option(
      names = "--model",
      completionCandidates = CompletedNames.Models.class,
      paramLabel = "NAME",
      description = "The model to use.")
  private Optional<String> model = Optional.empty();

  @Option(
      names = "--undo",
      description = "Restore the former settings. You are asked first, unless you add --yes.")
  private boolean undo;

  @Option(
      names = {"-y", "--yes"},
      description = "Do not ask for confirmation.")
  private boolean sure;

  @SuppressWarnings("NullAway.Init") // picocli sets the program
  public ConnectCommand(ProgramContext context) {
    super(context);
  }

  @Override
  protected int run(ApiSession session) {
    ConnectableClient client =
        ConnectableClient.of(program)
            .orElseThrow(
                () -> wrongUsage("PROGRAM has to be one of the programs that --help lists"));
    ConnectionJournal journal = new ConnectionJournal(SavedSignIns.of(context).directory());
    return undo ? undo(client, journal) : connect(session, client, journal);
  }

  private int connect(ApiSession session, ConnectableClient client, ConnectionJournal journal) {
    ClientSetups wanted = setups(session);
    OfferedModels models =
        new OfferedModels(session, client, wanted.base(client), wanted.service());
    Optional<String> name = models.nameFor(model);
    if (!name.equals(model)) {
      out().printf("On this server, the model is called %s.%n", TerminalText.line(name.orElse("")));
    }
    ClientSetup setup = wanted.withModel(name).of(client, models::limitOf);
    if (setup.file().isPresent()) {
      write(client, setup.file().get(), setup.settings(), journal);
      tellOfOverriding(setup.file().get(), setup.overriding());
    }
    setup.notes().forEach(note -> out().println(TerminalText.visible(note)));
    return DONE;
  }

  private ClientSetups setups(ApiSession session) {
    Optional<ConnectedService> target =
        service.map(
            ref -> {
              JsonNode found = session.api().get(session.servicePath(ref));
              return new ConnectedService(
                  JsonTrees.text(found, "ref"), GatewayUrl.ofService(session.api(), found));
            });
    return new ClientSetups(context, session.name(), GatewayUrl.of(session.api()), target, model);
  }

  private void write(
      ConnectableClient client, Path path, List<Setting> settings, ConnectionJournal journal) {
    SettingsFile file = SettingsFile.read(path);
    Optional<JournalEntry> earlier = journal.find(client, file.path());
    List<WrittenSetting> changes = new ArrayList<>();
    List<String> difference = new ArrayList<>();
    for (Setting setting : settings) {
      Optional<JsonNode> former = file.document().get(setting.path());
      if (!former.equals(Optional.of(setting.value()))) {
        former.ifPresent(value -> difference.add(former("-", setting.path(), value)));
        difference.add(line("+", setting.path(), setting.value()));
        file.document().set(setting.path(), setting.value());
      }
      changes.add(
          new WrittenSetting(setting.path(), beforeAll(earlier, setting, former), setting.value()));
    }
    if (difference.isEmpty()) {
      out().printf("%s has these settings already.%n", path);
      return;
    }
    out().println(path);
    difference.forEach(out()::println);
    out().flush();
    Confirmation.of(context.terminal(), sure).require("Write this?");
    JournalEntry entry = new JournalEntry(file.path(), !file.exists(), changes);
    journal.write(client, earlier.map(entry::after).orElse(entry));
    file.write();
    out()
        .printf(
            "Written. `claviger connect %s --undo%s` undoes it.%n",
            client.handle(), context.terminal().isInput() ? "" : " --yes");
  }

  /**
   * Prints which other settings in the file make the program ignore the settings that were written.
   */
  private void tellOfOverriding(Path path, List<List<String>> overriding) {
    SettingsFile file = SettingsFile.read(path);
    for (List<String> other : overriding) {
      if (file.document().get(other).filter(ConnectCommand::isOn).isPresent()) {
        err()
            .println(
                "claviger: %s in %s takes precedence over these settings; remove it"
                    .formatted(String.join(".", other), path));
      }
    }
    err().flush();
  }

  /** Whether a variable with the given value has an effect. Claude Code ignores an empty key. */
  private static boolean isOn(JsonNode value) {
    return !Set.of("", "0", "false", "no", "off")
        .contains(value.asString("").strip().toLowerCase(Locale.ROOT));
  }

  /**
   * Returns the value that the setting had before this program wrote to the file for the first
   * time.
   */
  private static Optional<JsonNode> beforeAll(
      Optional<JournalEntry> earlier, Setting setting, Optional<JsonNode> former) {
    return earlier.stream()
        .flatMap(entry -> entry.changes().stream())
        .filter(change -> change.path().equals(setting.path()))
        .filter(change -> former.equals(Optional.of(change.written())))
        .findFirst()
        .map(WrittenSetting::former)
        .orElse(former);
  }

  private int undo(ConnectableClient client, ConnectionJournal journal) {
    List<JournalEntry> entries = journal.entries(client);
    if (entries.isEmpty()) {
      throw ClientFault.of("nothing was written for " + client.handle());
    }
    boolean all = true;
    for (JournalEntry entry : entries) {
      all &= undo(entry);
      journal.remove(client, entry);
    }
    return all ? DONE : SOMETHING_LEFT_OUT;
  }

  /**
   * Restores the former settings in one file.
   *
   * @return whether all settings were restored
   */
  private boolean undo(JournalEntry entry) {
    SettingsFile file = SettingsFile.read(entry.file());
    if (!file.exists()) {
      out().printf("The file %s does not exist any more.%n", entry.file());
      return true;
    }
    boolean all = true;
    for (WrittenSetting change : entry.changes()) {
      if (!file.document().get(change.path()).equals(Optional.of(change.written()))) {
        all &= file.document().get(change.path()).equals(change.former());
        continue;
      }
      out().println(line("-", change.path(), change.written()));
      change.former().ifPresent(value -> out().println(former("+", change.path(), value)));
      change
          .former()
          .ifPresentOrElse(
              value -> file.document().set(change.path(), value),
              () -> file.document().remove(change.path()));
    }
    Confirmation.of(context.terminal(), sure).require("Write this?");
    if (entry.created() && file.document().isEmpty()) {
      file.delete();
    } else {
      file.write();
    }
    if (all) {
      out().printf("%s is as before.%n", entry.file());
    } else {
      out().printf("The other settings in %s are as before.%n", entry.file());
      err().println("claviger: settings that were changed there since then are left as they are");
    }
    return all;
  }

  /**
   * Returns the text that shows a setting's former value. Values are shown only for settings that
   * can't be secrets.
   */
  private static String former(String sign, List<String> path, JsonNode value) {
    return SHOWN.contains(path.get(path.size() - 1))
        ? line(sign, path, value)
        : TerminalText.line("%s %s = (another value)".formatted(sign, String.join(".", path)));
  }

  private static String line(String sign, List<String> path, JsonNode value) {
    return TerminalText.line(
        "%s %s = %s"
            .formatted(
                sign,
                String.join(".", path),
                new String(JsonTrees.bytes(value), StandardCharsets.UTF_8)));
  }
}
