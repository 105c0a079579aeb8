package io.claviger.client.sharing;

import io.claviger.client.command.ClientCommand;
import io.claviger.client.command.CompletedNames;
import io.claviger.client.session.ApiSession;
import io.claviger.client.terminal.ProgramContext;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(name = "revoke", description = "End what you lent to somebody.")
public final class RevokeCommand extends ClientCommand {
  @Parameters(
      paramLabel = "REF",
      completionCandidates = CompletedNames.Services.class,
      description = "OWNER/HANDLE, or HANDLE for one of your own.")
  private String ref;

  @Option(
      names = "--from",
      completionCandidates = CompletedNames.Holders.class,
      required = true,
      paramLabel = "NAME",
      description = "A user, or a group behind an @.")
  private String grantee;

  @SuppressWarnings("NullAway.Init") // picocli sets the arguments
  public RevokeCommand(ProgramContext context) {
    super(context);
  }

  @Override
  protected int run(ApiSession session) {
    String path = session.servicePath(ref, "shares", grantee);
    boolean shared = session.api().find(path).isPresent();
    session.api().delete(path);
    out()
        .println(
            shared
                ? "%s may no longer use %s by this share. What was passed on by it has ended too."
                    .formatted(grantee, session.ref(ref))
                : "%s had no share of %s.".formatted(grantee, session.ref(ref)));
    return DONE;
  }
}
