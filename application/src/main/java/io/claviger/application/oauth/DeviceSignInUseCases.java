package io.claviger.application.oauth;

import io.claviger.application.accounts.Lockout;
import io.claviger.application.accounts.port.CredentialStore;
import io.claviger.application.oauth.port.DeviceCodeStore;
import io.claviger.application.sessions.SessionActor;
import io.claviger.application.shared.AuditTargets;
import io.claviger.application.shared.AuditedChanges;
import io.claviger.application.shared.Outcome;
import io.claviger.application.shared.RefusedException;
import io.claviger.domain.accounts.TokenScope;
import io.claviger.domain.audit.AuditAction;
import io.claviger.domain.audit.AuditTarget;
import io.claviger.domain.oauth.DeviceAuthorization;
import io.claviger.domain.oauth.DeviceAuthorization.UserDecision;
import io.claviger.domain.oauth.UserCode;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;

final class DeviceSignInUseCases implements DeviceSignIn {
  private final DeviceCodeStore codes;
  private final CredentialStore credentials;
  private final WrongCodes wrong;
  private final AuditedChanges changes;

  DeviceSignInUseCases(
      DeviceCodeStore codes,
      CredentialStore credentials,
      WrongCodes wrong,
      AuditedChanges changes) {
    this.codes = codes;
    this.credentials = credentials;
    this.wrong = wrong;
    this.changes = changes;
  }

  @Override
  public Outcome<WaitingDevice> lookUp(SessionActor session, String typed) {
    return Outcome.of(() -> shown(waiting(session, typed, codes::find), session));
  }

  @Override
  public Outcome<WaitingDevice> approve(SessionActor session, String typed) {
    AuditTarget target = AuditTargets.user(session.actor().id(), session.actor().handle());
    return changes.change(
        session.actor(),
        AuditAction.DEVICE_APPROVE,
        target,
        log -> {
          Lockout.demandPresented(session.actor(), credentials);
          DeviceAuthorization device = waiting(session, typed, codes::lock);
          if (!device.isApprovable(session.session(), changes.now())) {
            throw RefusedException.conflict(
                "sign_in_again", "To approve a token that may change everything, sign in again.");
          }
          codes.recordAnswer(
              device.id(),
              new UserDecision.Approved(
                  session.actor().id(), session.actor().handle(), session.actor().tokenId()));
          log.recordChange(AuditAction.DEVICE_APPROVE, target, scope(device));
          return shown(device, session);
        });
  }

  @Override
  public Outcome<WaitingDevice> deny(SessionActor session, String typed) {
    AuditTarget target = AuditTargets.user(session.actor().id(), session.actor().handle());
    return changes.change(
        session.actor(),
        AuditAction.DEVICE_DENY,
        target,
        log -> {
          DeviceAuthorization device = waiting(session, typed, codes::lock);
          codes.recordAnswer(
              device.id(), new UserDecision.Denied(session.actor().id(), session.actor().handle()));
          log.recordChange(AuditAction.DEVICE_DENY, target, scope(device));
          return shown(device, session);
        });
  }

  private DeviceAuthorization waiting(
      SessionActor session, String typed, Function<UserCode, Optional<DeviceAuthorization>> find) {
    Instant now = changes.now();
    if (!wrong.mayTry(session, now)) {
      throw RefusedException.conflict(
          "too_many_tries", "Too many wrong codes came from your address. Wait for ten minutes.");
    }
    Optional<DeviceAuthorization> device =
        UserCode.typed(typed)
            .flatMap(find)
            .filter(found -> found.answer().isEmpty() && !found.expiredAt(codes.now()));
    if (device.isEmpty()) {
      throw RefusedException.notFound();
    }
    wrong.takeBack(session, now);
    return device.get();
  }

  private WaitingDevice shown(DeviceAuthorization device, SessionActor session) {
    return WaitingDevice.of(device, session.session(), changes.now());
  }

  private static List<String> scope(DeviceAuthorization device) {
    return device.scope() == TokenScope.MANAGE ? List.of("scope_manage") : List.of("scope_use");
  }
}
