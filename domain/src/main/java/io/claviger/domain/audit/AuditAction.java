package io.claviger.domain.audit;

import io.claviger.domain.InvalidValue;
import io.claviger.domain.WireNamed;

/**
 * An action that somebody took or tried to take, such as {@code service.key_set}. The stored names
 * of actions never change.
 */
public enum AuditAction implements AuditEvent.Action, WireNamed {
  SERVICE_CREATE("service.create"),
  SERVICE_UPDATE("service.update"),
  SERVICE_DELETE("service.delete"),
  SERVICE_SHARE("service.share"),
  SERVICE_UNSHARE("service.unshare"),
  SERVICE_TRANSFER("service.transfer"),
  SERVICE_KEY_SET("service.key_set"),
  SERVICE_KEY_CLEAR("service.key_clear"),
  /**
   * The credential of a service has no secret, and an owner confirmed the destination at which it
   * is used.
   */
  SERVICE_CREDENTIAL_CONFIRM("service.credential_confirm"),
  USER_CREATE("user.create"),
  USER_UPDATE("user.update"),
  USER_DELETE("user.delete"),
  GROUP_CREATE("group.create"),
  GROUP_UPDATE("group.update"),
  GROUP_DELETE("group.delete"),
  GROUP_MEMBER_ADD("group.member_add"),
  GROUP_MEMBER_UPDATE("group.member_update"),
  GROUP_MEMBER_REMOVE("group.member_remove"),
  /** Somebody signed in with the identity provider, or such a sign-in was refused. */
  USER_SIGN_IN("user.sign_in"),
  /**
   * The user was suspended, because the identity provider no longer knows the user, or because it
   * suspended the user by SCIM.
   */
  USER_SUSPEND("user.suspend"),
  USER_RESUME("user.resume"),
  IDENTITY_LINK("identity.link"),
  IDENTITY_UNLINK("identity.unlink"),
  SESSION_START("session.start"),
  SESSION_END("session.end"),
  /** The operator created a one-time link for signing in. */
  SIGN_IN_LINK_CREATE("sign_in_link.create"),
  TOKEN_CREATE("token.create"),
  TOKEN_DELETE("token.delete"),
  TOKEN_REJECTED("token.rejected"),
  /**
   * A bound token was presented from an address outside of its networks, or without the certificate
   * to which it is bound.
   */
  TOKEN_BOUND("token.bound"),
  /** Somebody who had a token's text reported a leak, and the report ended the token. */
  TOKEN_LEAKED("token.leaked"),
  /** A JWT was exchanged for an access token of a service account, or the exchange was refused. */
  TOKEN_EXCHANGE("token.exchange"),
  TRUSTED_ISSUER_CREATE("trusted_issuer.create"),
  TRUSTED_ISSUER_UPDATE("trusted_issuer.update"),
  TRUSTED_ISSUER_DELETE("trusted_issuer.delete"),
  TRUST_CREATE("trust.create"),
  TRUST_UPDATE("trust.update"),
  TRUST_DELETE("trust.delete"),
  SCIM_TOKEN_CREATE("scim_token.create"),
  SCIM_TOKEN_DELETE("scim_token.delete"),
  TOKEN_NARROW("token.narrow"),
  TOKEN_REFRESH("token.refresh"),
  DEVICE_APPROVE("device.approve"),
  DEVICE_DENY("device.deny"),
  DEFINITION_CREATE("definition.create"),
  DEFINITION_UPDATE("definition.update"),
  DEFINITION_DELETE("definition.delete"),
  DEFINITION_SHARE("definition.share"),
  DEFINITION_UNSHARE("definition.unshare"),
  PROJECT_CREATE("project.create"),
  PROJECT_UPDATE("project.update"),
  PROJECT_DELETE("project.delete"),
  PROJECT_SHARE("project.share"),
  PROJECT_UNSHARE("project.unshare"),
  PROJECT_TRANSFER("project.transfer"),
  TRANSFER_OFFER("transfer.offer"),
  TRANSFER_ACCEPT("transfer.accept"),
  TRANSFER_DECLINE("transfer.decline"),
  TRANSFER_WITHDRAW("transfer.withdraw"),
  /** Somebody asked to borrow more of a service. */
  REQUEST_ASK("request.ask"),
  REQUEST_GRANT("request.grant"),
  REQUEST_DECLINE("request.decline"),
  REQUEST_WITHDRAW("request.withdraw"),
  /** An owner changed the list of users whose requests the owner does not accept. */
  REQUEST_MUTE("request.mute"),
  /** A change of a service waits for the consent of other people. */
  APPROVAL_ASK("approval.ask"),
  /**
   * Somebody consented to a change. If enough people have consented, the change is made, and
   * another event records the change.
   */
  APPROVAL_APPROVE("approval.approve"),
  APPROVAL_DECLINE("approval.decline"),
  /**
   * A waiting change lapsed, because it did not get enough consents in time, or because it can no
   * longer be made.
   */
  APPROVAL_LAPSE("approval.lapse"),
  /** An access review of a service or a group was started. */
  REVIEW_START("review.start"),
  /** A review confirmed a grant. */
  REVIEW_KEEP("review.keep"),
  /** A review ended a grant. The end of the grant itself is recorded as another event. */
  REVIEW_END("review.end"),
  STANDARD_CREATE("standard.create"),
  STANDARD_UPDATE("standard.update"),
  STANDARD_DELETE("standard.delete"),
  PROVIDER_CREATE("provider.create"),
  PROVIDER_UPDATE("provider.update"),
  PROVIDER_DELETE("provider.delete"),
  MODEL_CREATE("model.create"),
  MODEL_UPDATE("model.update"),
  MODEL_DELETE("model.delete"),
  /** A deleted model was put back into the catalogue. */
  MODEL_RESTORE("model.restore"),
  USER_KEY_CREATE("user_key.create"),
  USER_KEY_UPDATE("user_key.update"),
  USER_KEY_DELETE("user_key.delete"),
  WEBHOOK_CREATE("webhook.create"),
  WEBHOOK_UPDATE("webhook.update"),
  WEBHOOK_DELETE("webhook.delete"),
  BUDGET_RAISE_CREATE("budget_raise.create"),
  BUDGET_RAISE_DELETE("budget_raise.delete"),
  DEFAULT_CREATE("default.create"),
  DEFAULT_UPDATE("default.update"),
  DEFAULT_DELETE("default.delete"),
  BARE_NAMES_CREATE("bare_names.create"),
  BARE_NAMES_DELETE("bare_names.delete"),
  PRICE_CREATE("price.create"),
  PRICE_UPDATE("price.update"),
  PRICE_DELETE("price.delete"),
  /** The owner stored the key with which the provider's bill is read. */
  BILLING_PUT("billing.put"),
  BILLING_DELETE("billing.delete"),
  INVOICE_CREATE("invoice.create"),
  INVOICE_UPDATE("invoice.update"),
  INVOICE_DELETE("invoice.delete"),
  /** A call created an object at the provider. */
  OBJECT_CREATE("object.create"),
  /**
   * An object was ended: by a call, through Claviger's API, or because Claviger deleted the object
   * at the provider.
   */
  OBJECT_DELETE("object.delete"),
  /** An object was shared with borrowers, or is no longer shared. */
  OBJECT_SHARE("object.share"),
  /** Somebody ended their own WebSocket, or a WebSocket of a service that they own. */
  CONNECTION_END("connection.end"),
  ENCRYPTION_KEY_CREATE("encryption_key.create"),
  ENCRYPTION_KEY_UPDATE("encryption_key.update"),
  ENCRYPTION_KEY_DELETE("encryption_key.delete"),
  ISSUER_KEY_CREATE("issuer_key.create"),
  /** One of the issuer's keys began to be used for signing statements. */
  ISSUER_KEY_UPDATE("issuer_key.update"),
  ISSUER_KEY_DELETE("issuer_key.delete"),
  RETENTION_UPDATE("retention.update"),
  /** A user's usage from another system was imported. */
  USAGE_CREATE("usage.create"),
  USAGE_DELETE("usage.delete"),
  AUDIT_DELETE("audit.delete"),
  /** The operator began an export of the whole audit trail. */
  AUDIT_EXPORT("audit.export"),
  /**
   * A node found that a key with which heads (signed links) of the audit trail were signed can no
   * longer be decrypted.
   */
  AUDIT_KEY_DELETE("audit_key.delete"),
  GATEWAY_KEY_UNUSABLE("gateway.key_unusable");

  private final String wireName;

  AuditAction(String wireName) {
    this.wireName = wireName;
  }

  /** Finds the action with the given name, or throws {@link InvalidValue}. */
  public static AuditAction of(String wireName) {
    return WireNamed.find(values(), wireName)
        .orElseThrow(() -> new InvalidValue("action", "an action, such as service.update"));
  }

  /**
   * Returns the action with a name from a stored event, even if this version does not know the
   * action.
   */
  public static AuditEvent.Action ofStored(String wireName) {
    return WireNamed.find(values(), wireName)
        .<AuditEvent.Action>map(action -> action)
        .orElseGet(() -> new AuditEvent.OtherAction(wireName));
  }

  @Override
  public boolean namesGrantee() {
    return switch (this) {
      case SERVICE_SHARE,
          SERVICE_UNSHARE,
          DEFINITION_SHARE,
          DEFINITION_UNSHARE,
          PROJECT_SHARE,
          PROJECT_UNSHARE,
          GROUP_MEMBER_ADD,
          GROUP_MEMBER_UPDATE,
          GROUP_MEMBER_REMOVE,
          REVIEW_KEEP,
          REVIEW_END ->
          true;
      default -> false;
    };
  }

  /**
   * Whether the action takes access away from somebody. Each such action ends access that an
   * earlier action gave. So there can't be many more events of such actions than events of actions
   * that give access.
   */
  public boolean endsAccess() {
    return switch (this) {
      case SERVICE_DELETE,
          SERVICE_UNSHARE,
          SERVICE_KEY_CLEAR,
          USER_DELETE,
          USER_SUSPEND,
          GROUP_DELETE,
          GROUP_MEMBER_REMOVE,
          REVIEW_END,
          IDENTITY_UNLINK,
          SESSION_END,
          TOKEN_DELETE,
          TRUSTED_ISSUER_DELETE,
          TRUST_DELETE,
          SCIM_TOKEN_DELETE,
          DEFINITION_DELETE,
          DEFINITION_UNSHARE,
          PROJECT_DELETE,
          PROJECT_UNSHARE,
          USER_KEY_DELETE,
          WEBHOOK_DELETE,
          BILLING_DELETE ->
          true;
      default -> false;
    };
  }

  /**
   * Returns the name that is stored and shown. The name consists of the subject and then the verb,
   * as in {@code service.key_set}.
   */
  @Override
  public String wireName() {
    return wireName;
  }
}
