package io.claviger.web.pages;

import io.claviger.application.identity.SignIn;
import io.claviger.application.identity.SignInResult;
import io.claviger.application.sessions.SessionActor;
import io.claviger.domain.sessions.BrowserSecret;
import java.net.URI;
import java.util.Optional;

/** {@link SignIn} that answers as it is told, and keeps what it was given last. */
final class FakeSignIn implements SignIn {
  static final URI PROVIDER = URI.create("https://id.example.org/authorize?state=s1&nonce=n1");
  static final BrowserSecret BINDING = BrowserSecret.of(new byte[32]);

  SignInStart beginning = new SignInStart.Started(PROVIDER, BINDING);
  SignInResult result = refused(SignInResult.Reason.UNKNOWN_ATTEMPT, "Begin again.");
  LogoutResult logout = LogoutResult.DONE;
  Runnable atBeginning = () -> {};
  String returnPath = "";
  boolean again;
  Optional<Callback> callback = Optional.empty();
  Optional<BrowserSecret> binding = Optional.empty();
  Optional<SessionActor> session = Optional.empty();

  static SignInResult refused(SignInResult.Reason reason, String sentence) {
    return new SignInResult.Refused(reason, sentence);
  }

  @Override
  public SignInStart begin(String wanted, boolean askedAgain, String address) {
    atBeginning.run();
    returnPath = wanted;
    again = askedAgain;
    return beginning;
  }

  @Override
  public SignInStart beginLink(SessionActor who, String wanted, String address) {
    session = Optional.of(who);
    return begin(wanted, true, address);
  }

  @Override
  public SignInResult finish(
      Callback brought,
      Optional<BrowserSecret> secret,
      Optional<SessionActor> who,
      String address,
      String requestId) {
    callback = Optional.of(brought);
    binding = secret;
    session = who;
    return result;
  }

  @Override
  public LogoutResult logOut(String logoutToken, String address, String requestId) {
    return logout;
  }

  @Override
  public int removeAbandoned() {
    return 0;
  }
}
