package io.claviger.client;

import io.claviger.client.accounts.TokenCommand;
import io.claviger.client.apply.ApplyCommand;
import io.claviger.client.apply.ExportCommand;
import io.claviger.client.command.CompleteCommand;
import io.claviger.client.connect.ConnectCommand;
import io.claviger.client.definitions.DefinitionCommands;
import io.claviger.client.faults.ClientFault;
import io.claviger.client.faults.HelpAsked;
import io.claviger.client.instances.ChangeCommands;
import io.claviger.client.instances.CheckCommand;
import io.claviger.client.instances.CredentialCommands;
import io.claviger.client.instances.DeleteCommand;
import io.claviger.client.instances.RegisterCommand;
import io.claviger.client.instances.ShowCommand;
import io.claviger.client.instances.WhyCommand;
import io.claviger.client.issuer.IssuerCommand;
import io.claviger.client.listings.AccessCommand;
import io.claviger.client.listings.ApprovalCommands;
import io.claviger.client.listings.AuditCommand;
import io.claviger.client.listings.BillCommand;
import io.claviger.client.listings.BudgetsCommand;
import io.claviger.client.listings.CapacityCommand;
import io.claviger.client.listings.ConnectionsCommand;
import io.claviger.client.listings.DefinitionsCommand;
import io.claviger.client.listings.GroupsCommand;
import io.claviger.client.listings.HoldersCommand;
import io.claviger.client.listings.KeyAgesCommand;
import io.claviger.client.listings.ModelsCommand;
import io.claviger.client.listings.PeopleCommand;
import io.claviger.client.listings.ProvidersCommand;
import io.claviger.client.listings.RefusalsCommand;
import io.claviger.client.listings.ReviewCommands;
import io.claviger.client.listings.ScimTokensCommand;
import io.claviger.client.listings.ServicesCommand;
import io.claviger.client.listings.TopCommand;
import io.claviger.client.listings.UsageCommand;
import io.claviger.client.listings.UserKeysCommand;
import io.claviger.client.oauth.LoginCommand;
import io.claviger.client.oauth.LogoutCommand;
import io.claviger.client.oauth.StatusCommand;
import io.claviger.client.objects.ObjectsCommand;
import io.claviger.client.operations.RetentionCommand;
import io.claviger.client.operations.WebhookCommand;
import io.claviger.client.run.RunCommand;
import io.claviger.client.sharing.AskCommand;
import io.claviger.client.sharing.AttributionCommand;
import io.claviger.client.sharing.GrantCommand;
import io.claviger.client.sharing.LendCommand;
import io.claviger.client.sharing.RevokeCommand;
import io.claviger.client.terminal.ProgramContext;
import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import picocli.CommandLine;
import picocli.CommandLine.ParameterException;

/**
 * The commands that send requests to a server over its API. The object that runs a command is
 * created only when the command is used.
 */
public final class ClientCommands {
  private static final Map<String, Entry> COMMANDS = new Commands().entries;

  private ClientCommands() {}

  /**
   * A command.
   *
   * @param group the heading under which the help lists the command
   * @param examples examples for the help; each example consists of the arguments after the
   *     program's name
   */
  private record Entry(
      String group, Function<ProgramContext, Object> make, List<String> examples) {}

  /** All commands, in the order of the help. */
  private static final class Commands {
    private final Map<String, Entry> entries = new LinkedHashMap<>();
    private String group = "";

    private Commands() {
      group = "Signing in";
      add(
          LoginCommand::new,
          "login https://claviger.example.com",
          "login https://claviger.example.com --manage",
          "login https://claviger.example.com --token-stdin");
      add(LogoutCommand::new, "logout");
      add(StatusCommand::new, "status");
      group = "Looking around";
      add(
          ServicesCommand::new,
          "services",
          "services --owner alice --role owner",
          "services --all --key rejected");
      add(
          ModelsCommand::line,
          "models",
          "models --unavailable",
          "models --deleted",
          "models restore 0198c0de-0000-7000-8000-000000000000");
      add(DefinitionsCommand::new, "definitions", "definitions --provider openai");
      add(ProvidersCommand::new, "providers");
      add(GroupsCommand::new, "groups");
      add(
          UsageCommand::line,
          "usage --by day,model --from 2026-11-01",
          "usage --service my-openai --by user",
          "usage --group @research --by model --month 2026-10",
          "usage export --focus --month 2026-10");
      add(TopCommand::new, "top", "top --once", "top --json");
      add(BudgetsCommand::new, "budgets", "budgets --service my-openai");
      add(BillCommand::new, "bill my-openai", "bill my-openai --month 2026-10");
      add(CapacityCommand::new, "capacity my-openai");
      add(AccessCommand::new, "access my-openai", "access alice/my-openai --on 2026-10-31");
      add(
          AuditCommand::new,
          "audit --since 2026-11-01T00:00:00Z",
          "audit --target alice/my-openai --action service.share",
          "audit --outcome refused --actor bob");
      add(RetentionCommand::new, "retention", "retention --usage-months 24 --audit-months none");
      add(
          WebhookCommand::new,
          "webhook",
          "webhook set https://hooks.example.com/x --format slack",
          "webhook test --group research");
      add(UserKeysCommand::new, "user-keys");
      add(PeopleCommand::new, "people --administrators", "people --service-accounts");
      add(KeyAgesCommand::new, "key-ages --older-than 90", "key-ages --rejected");
      add(
          RefusalsCommand::new,
          "refusals --service my-openai",
          "refusals --user bob --code rate_limited",
          "refusals --by code");
      add(
          ConnectionsCommand::new,
          "connections",
          "connections my-openai",
          "connections my-openai --end 7d0f3f0c-61a5-4be4-8a3c-0d1a5f3c9b52");
      add(ShowCommand::new, "show alice/my-openai");
      add(WhyCommand::new, "why alice/my-openai", "why my-openai --as bob --model gpt-5");
      add(CheckCommand::new, "check my-openai", "check");
      group = "Registering and lending";
      add(
          RegisterCommand::new,
          "register my-openai --from _system/openai-large",
          "register my-llama --from _system/ollama-chat --no-key",
          "register mine --from alice/claude --credential federated-aws");
      add(
          DefinitionCommands::line,
          "definition show _system/openai-large",
          "definition create my-model --provider openai --model gpt-5",
          "definition change my-model --model gpt-5-nano --public",
          "definition share my-model --with @research",
          "definition unshare my-model --from @research",
          "definition delete my-model");
      add(ChangeCommands.ReplaceKey::new, "replace-key my-openai --key-file key.txt");
      add(
          CredentialCommands.Change::new,
          "credential mine --credential api_key --key-file key.txt",
          "credential mine --credential oauth_client --set client_id=ID");
      add(
          CredentialCommands.Confirm::new,
          "confirm mine",
          "confirm mine --destination https://api.openai.com/v1");
      add(ChangeCommands.Enable::new, "enable my-openai");
      add(ChangeCommands.Disable::new, "disable my-openai");
      add(DeleteCommand::new, "delete my-openai", "delete my-openai --yes");
      add(
          LendCommand::new,
          "lend my-openai --to bob --budget 20usd/month --for 30d",
          "lend my-openai --to @research --rate 60 --models 'text-*'");
      add(RevokeCommand::new, "revoke my-openai --from bob");
      add(
          AttributionCommand::new,
          "attribution my-openai clv_0Ab1Cd2Ef3Gh4Ij5Kl6Mn7Op8Qr9St0Uv1Wx2Yz3");
      add(
          AskCommand::new,
          "ask alice/my-openai --budget 40usd/month --note summaries",
          "ask alice/my-openai --models gpt-5-nano");
      add(GrantCommand::new, "grant", "grant 0198c0de-0000-7000-8000-000000000000");
      add(ApprovalCommands.ListWaiting::new, "approvals", "approvals --json");
      add(ApprovalCommands.Approve::new, "approve 01980000-0000-7000-8000-00000000000c");
      add(ApprovalCommands.Decline::new, "decline 01980000-0000-7000-8000-00000000000c");
      add(ReviewCommands.ListReviews::new, "reviews");
      add(
          ReviewCommands.OneReview::new,
          "review my-openai",
          "review @research",
          "review 01980000-0000-7000-8000-00000000000d --keep bob --end carol",
          "review 01980000-0000-7000-8000-00000000000d --csv");
      add(
          IssuerCommand::line,
          "issuer show",
          "issuer show my-bedrock --provider aws",
          "issuer rotate",
          "issuer rotate --uploaded",
          "issuer revoke");
      add(
          ScimTokensCommand::line,
          "scim-tokens list",
          "scim-tokens create Okta --issuer https://example.okta.com",
          "scim-tokens end 01980000-0000-7000-8000-000000000003");
      add(
          HoldersCommand::new,
          "holders my-openai",
          "holders my-openai --search @",
          "holders my-openai --at 2026-10-31");
      add(
          ObjectsCommand::line,
          "objects list",
          "objects list my-openai --user bob --kind files",
          "objects delete my-openai files file-0Ab1Cd2Ef3Gh",
          "objects share my-openai vector_stores vs_0Ab1 --with @research",
          "objects unshare my-openai vector_stores vs_0Ab1",
          "objects reconcile my-openai files");
      group = "Calling models";
      add(
          TokenCommand::line,
          "token",
          "token --service my-openai --for 8h --budget 3usd",
          "token list --user bob");
      add(
          RunCommand::new,
          "run --service my-openai --budget 3usd -- python job.py",
          "run --format anthropic -- claude");
      add(
          ConnectCommand::new,
          "connect codex --model gpt-5",
          "connect openai-sdk --service my-openai",
          "connect codex --undo --yes");
      group = "Keeping things in files";
      add(
          ApplyCommand::new,
          "apply -f lab.yaml --plan",
          "apply -f lab.yaml --allow-env LAB_OPENAI_KEY --prune");
      add(ExportCommand::new, "export", "export --system --name everybody");
      group = "For shells";
      add(CompleteCommand::new, "complete services", "complete services alice/");
    }

    private void add(Function<ProgramContext, Object> make, String... examples) {
      entries.put(examples[0].split(" ", 2)[0], new Entry(group, make, List.of(examples)));
    }
  }

  /** The names of the commands, in the order of the help. */
  public static List<String> names() {
    return List.copyOf(COMMANDS.keySet());
  }

  /** The names of the commands, grouped by the headings under which the help lists them. */
  public static Map<String, List<String>> groups() {
    Map<String, List<String>> groups = new LinkedHashMap<>();
    COMMANDS.forEach(
        (name, entry) ->
            groups.computeIfAbsent(entry.group(), heading -> new ArrayList<>()).add(name));
    return groups;
  }

  public static CommandLine command(String name, ProgramContext context) {
    Entry entry = COMMANDS.get(name);
    if (entry == null) {
      throw new IllegalArgumentException("no such command");
    }
    Object made = entry.make().apply(context);
    CommandLine command = made instanceof CommandLine line ? line : new CommandLine(made);
    showExamples(command, entry.examples());
    command
        .getSubcommands()
        .forEach((sub, line) -> showExamples(line, examplesOf(name + " " + sub, entry.examples())));
    // The first argument of `run` is the name of a program. All later arguments belong to that
    // program, even if they look like options.
    return command.setStopAtPositional(name.equals("run"));
  }

  /** Returns the examples that run a subcommand. */
  private static List<String> examplesOf(String subcommand, List<String> examples) {
    return examples.stream().filter(each -> (each + " ").startsWith(subcommand + " ")).toList();
  }

  /** Adds the given examples to the end of a command's help. */
  public static void showExamples(CommandLine command, List<String> examples) {
    if (!examples.isEmpty()) {
      command
          .getCommandSpec()
          .usageMessage()
          .footerHeading("%nExamples:%n")
          .footer(examples.stream().map(each -> "  claviger " + each).toArray(String[]::new));
    }
  }

  /**
   * Prints the accepted values of an argument to standard output, if the arguments asked for them.
   *
   * @return whether the arguments asked for accepted values, so that nothing else is to be done
   */
  public static boolean helps(ParameterException fault) {
    if (fault.getCause() instanceof HelpAsked asked) {
      PrintWriter out = fault.getCommandLine().getOut();
      asked.lines().forEach(out::println);
      out.flush();
      return true;
    }
    return false;
  }

  /** Prints why a command failed, and returns the exit code. */
  public static int explain(ClientFault fault, CommandLine line) {
    fault.lines().forEach(line.getErr()::println);
    line.getErr().flush();
    return CommandLine.ExitCode.SOFTWARE;
  }
}
