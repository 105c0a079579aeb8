package io.claviger.web.served;

import io.claviger.application.oauth.DeviceSignIn;
import io.claviger.application.oauth.DeviceSignIn.WaitingDevice;
import io.claviger.application.sessions.SessionActor;
import io.claviger.application.shared.Actor;
import io.claviger.application.shared.Outcome;
import io.claviger.domain.accounts.Handle;
import io.claviger.domain.accounts.TokenText;
import io.claviger.domain.accounts.User;
import io.claviger.domain.sessions.Session;
import io.claviger.domain.sessions.SignInMethod;
import java.util.Optional;
import java.util.UUID;

/** A user who is signed in to a browser and types the code of a device. */
public final class DeviceUser {
  private final Served served;
  private final User user;
  private final String address;
  private SessionActor session;

  private DeviceUser(Served served, User user, String address) {
    this.served = served;
    this.user = user;
    this.address = address;
    this.session = signedIn();
  }

  /** A new user. */
  public static DeviceUser of(Served served, String handle) {
    Client unused = served.user(handle);
    return from(served, handle, "192.0.2." + (1 + Math.floorMod(handle.hashCode(), 250)));
  }

  /** A user who exists, at another address. */
  public static DeviceUser from(Served served, String handle, String address) {
    User user = served.ports().users().find(new Handle(handle)).orElseThrow();
    return new DeviceUser(served, user, address);
  }

  /** Begins another session. */
  public void signInAgain() {
    session = signedIn();
  }

  public Outcome<WaitingDevice> lookUp(String typed) {
    return signIn().lookUp(session, typed);
  }

  public WaitingDevice approve(String typed) {
    return signIn().approve(session, typed).orThrow();
  }

  public WaitingDevice deny(String typed) {
    return signIn().deny(session, typed).orThrow();
  }

  /** The code with which an approval is refused; {@code done} if it is not. */
  public String refused(String typed) {
    return switch (signIn().approve(session, typed)) {
      case Outcome.Done<WaitingDevice> done -> "done";
      case Outcome.Refused<WaitingDevice> refused -> refused.why().code();
    };
  }

  private DeviceSignIn signIn() {
    return served.useCase(DeviceSignIn.class);
  }

  private SessionActor signedIn() {
    Session.Id id = new Session.Id(UUID.randomUUID());
    Session begun =
        new Session(
            id,
            user.id(),
            new SignInMethod.Link(),
            address,
            "a browser",
            served.ports().clock().instant(),
            served.ports().clock().instant());
    served.ports().sessions().insert(begun, TokenText.presented(id.value().toString()).hash());
    return new SessionActor(
        begun,
        new Actor(
            user.id(),
            user.handle(),
            user.administrator(),
            Optional.empty(),
            address,
            "request",
            Optional.of(id)),
        "page");
  }
}
