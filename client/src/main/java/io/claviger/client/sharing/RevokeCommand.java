package io.claviger.client.sharing;

import io.claviger.client.command.ClientCommand;
import io.claviger.client.command.CompletedNames;
import io.claviger.client.command.ServiceArgument;
import io.claviger.client.session.ApiSession;
import io.claviger.client.terminal.ProgramContext;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

@Command(name = "revoke", description = "End a share of a service that somebody has.")
public final class RevokeCommand extends ClientCommand {
  @Mixin private ServiceArgument ref = new ServiceArgument();

  @Option(
      names = "--from",
      completionCandidates = CompletedNames.Holders.class,
      required = true,
      paramLabel = "NAME",
      description = "A user, or a group with an @ before its name.")
  private String grantee;

  @SuppressWarnings("NullAway.Init") // picocli sets the arguments
  public RevokeCommand(ProgramContext context) {
    super(context);
  }

  @Override
  protected int run(ApiSession session) {
    String path = ref.path(session, "shares", grantee);
    boolean shared = session.api().find(path).isPresent();
    session.api().delete(path);
    out()
        .println(
            shared
                ? "%s may no longer use %s by this share. Shares that depend on it have ended too."
                    .formatted(grantee, ref.full(session))
                : "%s had no share of %s.".formatted(grantee, ref.full(session)));
    return DONE;
  }
}
