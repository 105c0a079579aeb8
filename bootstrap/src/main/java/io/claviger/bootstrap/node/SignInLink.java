package io.claviger.bootstrap.node;

import io.claviger.application.sessions.LocalSignIn;
import io.claviger.application.sessions.SignInLinks;
import io.claviger.application.shared.Refusal;
import io.claviger.bootstrap.cli.Programs;
import io.claviger.bootstrap.database.ConnectedDatabase;
import io.claviger.bootstrap.settings.Settings;
import io.claviger.domain.accounts.Handle;
import io.claviger.host.Confidential;
import io.claviger.host.StartRefused;
import io.claviger.wiring.CommandContext;
import io.claviger.wiring.SignInOptions;
import java.net.URI;
import java.util.Optional;

/**
 * The program behind {@code sign-in-link}. It works with or without a running node, and needs no
 * encryption key.
 */
public final class SignInLink implements Programs.SignInLink {
  private static final String PATH = "/console/sign-in/link/";

  @Override
  public Confidential make(Settings settings, Handle user) {
    URI base = base(settings);
    try (ConnectedDatabase database = ConnectedDatabase.toJoin(settings)) {
      database.migrate();
      SignInOptions options =
          new SignInOptions(new LocalSignIn(settings.signIn().local()), Optional.empty());
      try (CommandContext context =
          CommandContext.of(database.pool(), Optional.empty(), "sign-in-link", options)) {
        return make(context.get(SignInLinks.class), user, base);
      }
    }
  }

  /**
   * Makes a link.
   *
   * @param base where browsers reach the API
   * @throws StartRefused when the user can't sign in with one
   */
  static Confidential make(SignInLinks links, Handle user, URI base) {
    String secret = links.make(user).orThrow(why -> refused(why, user)).reveal();
    return Confidential.of(base.resolve(PATH + secret).toString());
  }

  /** The address at which browsers reach the API of a node with the same settings. */
  private static URI base(Settings settings) {
    return settings
        .signIn()
        .publicUrl()
        .orElseGet(
            () -> {
              if (settings.listeners().port() == 0) {
                throw new StartRefused(
                    "the port of the API is not known here: set CLAVIGER_PORT or"
                        + " CLAVIGER_PUBLIC_URL as it serves");
              }
              return settings.listeners().url(settings.listeners().port());
            });
  }

  private static StartRefused refused(Refusal why, Handle user) {
    return new StartRefused(
        switch (why) {
          case Refusal.Conflict conflict -> conflict.detail();
          case Refusal.Forbidden forbidden -> forbidden.why();
          default -> "there is no user " + user.value();
        });
  }
}
