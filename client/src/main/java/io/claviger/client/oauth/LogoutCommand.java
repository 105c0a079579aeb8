package io.claviger.client.oauth;

import io.claviger.client.command.ClientCommand;
import io.claviger.client.faults.ClientFault;
import io.claviger.client.http.Api;
import io.claviger.client.http.ApiRefusal;
import io.claviger.client.session.ApiSession;
import io.claviger.client.settings.SavedSignIn;
import io.claviger.client.settings.SavedSignIns;
import io.claviger.client.terminal.ProgramContext;
import java.util.Optional;
import picocli.CommandLine.Command;

@Command(
    name = "logout",
    description =
        "Sign out. The sign-in ends, with all tokens that were made with it; an access token that"
            + " you gave by --token-stdin stays valid.")
public final class LogoutCommand extends ClientCommand {
  public LogoutCommand(ProgramContext context) {
    super(context);
  }

  @Override
  protected int run(ApiSession session) {
    SavedSignIn signIn = session.signIn();
    boolean ended = signIn.isRefreshable() ? session.end() : endNarrower(signIn);
    SavedSignIns.of(context).remove(session.name());
    out().printf("You are signed out of %s.%n", signIn.server());
    if (!ended) {
      err()
          .println(
              "claviger: the server did not end the sign-in, so it stays valid there until it ends;"
                  + " to end it now, revoke it among your tokens in the console");
    }
    return ended ? DONE : SOMETHING_LEFT_OUT;
  }

  private static boolean endNarrower(SavedSignIn signIn) {
    boolean ended = true;
    for (SavedSignIn.KeptToken kept : signIn.narrower().values()) {
      ended &= end(signIn, kept.text());
    }
    return ended;
  }

  private static boolean end(SavedSignIn signIn, String token) {
    try (Api api = new Api(signIn.server(), new Api.Fixed(Optional.of(token)))) {
      api.delete("/v1/me/token");
      return true;
    } catch (ApiRefusal e) {
      return e.isOfUnknownToken(); // the sign-in has ended already
    } catch (ClientFault e) {
      return false;
    }
  }
}
