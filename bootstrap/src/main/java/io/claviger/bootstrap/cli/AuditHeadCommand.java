package io.claviger.bootstrap.cli;

import io.claviger.application.audit.AuditChain;
import io.claviger.bootstrap.logging.StandardErrorLog;
import io.claviger.bootstrap.settings.Settings;
import io.claviger.domain.audit.ChainHead;
import io.claviger.host.StartRefused;
import io.claviger.web.audit.ChainHeadJson;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

@Command(
    name = "head",
    description = {
      "Print the signed head of the audit trail.",
      "Keep the head where nobody can change it: audit verify --head FILE then finds changes of"
          + " earlier events."
    })
final class AuditHeadCommand implements Callable<Integer> {
  private final Map<String, String> environment;

  @Spec private CommandSpec spec;

  @SuppressWarnings("NullAway.Init") // picocli sets the spec
  AuditHeadCommand(Map<String, String> environment) {
    this.environment = environment;
  }

  @Override
  public Integer call() {
    Settings settings = Settings.from(environment);
    StandardErrorLog.configure(settings.log());
    ChainHead head =
        AuditVerifyCommand.inDatabase(settings, "audit head", AuditChain::head)
            .orElseThrow(
                () ->
                    new StartRefused(
                        "nothing was signed yet; a node signs a minute after its start, and after "
                            + "events were recorded"));
    spec.commandLine()
        .getOut()
        .println(new String(ChainHeadJson.of(head).line(), StandardCharsets.UTF_8));
    return ExitCode.DONE;
  }
}
