package io.claviger.application.shared;

import io.claviger.domain.ModelName;
import io.claviger.domain.accounts.GranteeId;
import io.claviger.domain.accounts.Handle;
import io.claviger.domain.accounts.User;
import io.claviger.domain.approvals.Approval;
import io.claviger.domain.audit.AuditTarget;
import io.claviger.domain.budgets.BudgetAccount;
import io.claviger.domain.budgets.BudgetReference;
import io.claviger.domain.definitions.Definition;
import io.claviger.domain.definitions.Provider;
import io.claviger.domain.groups.Group;
import io.claviger.domain.identity.Identity;
import io.claviger.domain.instances.Instance;
import io.claviger.domain.instances.KeyedInstance;
import io.claviger.domain.keys.EncryptionKeyId;
import io.claviger.domain.models.ModelConfig;
import io.claviger.domain.projects.Project;
import io.claviger.domain.requests.BorrowRequest;
import io.claviger.domain.reviews.Review;
import io.claviger.domain.scim.ScimToken;
import io.claviger.domain.sharing.GranteeName;
import io.claviger.domain.transfers.Transfer;
import io.claviger.domain.transfers.TransferItem;
import io.claviger.domain.trusts.Trust;
import io.claviger.domain.trusts.TrustedIssuer;
import java.time.YearMonth;
import java.util.Optional;
import java.util.UUID;

/**
 * Builds audit targets, which are the targets of audit events, with the names that the audit trail
 * uses.
 */
public final class AuditTargets {
  private AuditTargets() {}

  /** Returns the audit target for a user who was not looked up yet. */
  public static AuditTarget unknownUser() {
    return target("user", "");
  }

  /**
   * Returns the audit target for an identity that belongs to no user. The target has all data that
   * an administrator needs to link the identity.
   */
  public static AuditTarget identity(Identity identity) {
    return target("user", identity.subject() + " at " + identity.issuer());
  }

  public static AuditTarget user(Handle handle) {
    return target("user", handle.value());
  }

  public static AuditTarget user(User.Id id, Handle handle) {
    return target("user", id.value(), handle.value(), id);
  }

  public static AuditTarget trustedIssuer(Handle name) {
    return target("trusted_issuer", name.value(), User.Id.SYSTEM);
  }

  public static AuditTarget trustedIssuer(TrustedIssuer issuer) {
    return target("trusted_issuer", issuer.id().value(), issuer.name().value(), User.Id.SYSTEM);
  }

  /** Returns the audit target for a SCIM token that was neither looked up nor created yet. */
  public static AuditTarget scimToken(String name) {
    return target("scim_token", name, User.Id.SYSTEM);
  }

  public static AuditTarget scimToken(ScimToken token) {
    return target("scim_token", token.id().value(), token.name().value(), User.Id.SYSTEM);
  }

  /**
   * Returns the audit target for a group that an identity provider names and that was not looked up
   * yet.
   */
  public static AuditTarget unknownGroup() {
    return target("group", "", User.Id.SYSTEM);
  }

  /** Returns the audit target for a trust of a service account. The trust was not looked up yet. */
  public static AuditTarget trust(Handle account, Handle name) {
    return target("trust", account + "/" + name);
  }

  public static AuditTarget trust(Trust trust, Handle account) {
    return target("trust", trust.id().value(), account + "/" + trust.name(), trust.account());
  }

  /** Returns the audit target for a group that was not looked up yet. Groups belong to nobody. */
  public static AuditTarget group(Handle handle) {
    return target("group", "@" + handle, User.Id.SYSTEM);
  }

  public static AuditTarget group(Group group) {
    return target("group", group.id().value(), "@" + group.handle(), User.Id.SYSTEM);
  }

  public static AuditTarget standard(Handle handle) {
    return target("standard", handle.value(), User.Id.SYSTEM);
  }

  public static AuditTarget provider(Handle handle) {
    return target("provider", handle.value(), User.Id.SYSTEM);
  }

  public static AuditTarget definition(Definition.Ref ref) {
    return target("definition", ref.toString());
  }

  public static AuditTarget definition(Definition definition) {
    return target(
        "definition", definition.id().value(), definition.ref().toString(), definition.owner());
  }

  public static AuditTarget project(Project.Ref ref) {
    return target("project", ref.toString());
  }

  public static AuditTarget project(Project project) {
    return target("project", project.id().value(), project.ref().toString(), project.owner());
  }

  /** Returns the audit target for a service that was not looked up yet. */
  public static AuditTarget service(Instance.Ref ref) {
    return target("service", ref.toString());
  }

  public static AuditTarget service(KeyedInstance instance) {
    return service(instance.id(), instance.ref(), instance.owner());
  }

  public static AuditTarget service(Instance.Id id, Instance.Ref ref, User.Id owner) {
    return target("service", id.value(), ref.toString(), owner);
  }

  /**
   * Returns the audit target for a user's own key for a service. The event belongs to this user,
   * and no other user sees it.
   */
  public static AuditTarget userKey(Instance.Ref ref, User.Id user) {
    return target("user_key", ref.toString(), user);
  }

  public static AuditTarget userKey(Instance instance, User.Id user) {
    return userKey(instance.id(), instance.ref(), user);
  }

  public static AuditTarget userKey(Instance.Id instance, Instance.Ref ref, User.Id user) {
    return target("user_key", instance.value(), ref.toString(), user);
  }

  /**
   * Returns the audit target for a user's consent that names of models without the name of a
   * service may select a shared service. Only this user sees events with this target.
   */
  public static AuditTarget bareNames(Instance.Ref ref, User.Id user) {
    return target("bare_names", ref.toString(), user);
  }

  public static AuditTarget bareNames(Instance instance, User.Id user) {
    return target("bare_names", instance.id().value(), instance.ref().toString(), user);
  }

  /** Returns the audit target for a transfer whose giver is not known yet. */
  public static AuditTarget transfer(Handle to) {
    return target("transfer", to.value());
  }

  /** Returns the audit target for a transfer that was not looked up yet. */
  public static AuditTarget transfer(Transfer.Id id) {
    return target("transfer", id.value().toString());
  }

  /** Returns the audit target for a transfer. The event belongs to the giver. */
  public static AuditTarget transfer(Transfer transfer) {
    return target(
        "transfer", transfer.id().value(), transfer.to().handle().value(), transfer.from().id());
  }

  /**
   * Returns the audit target for a service or project that a transfer gave to its receiver. The
   * event belongs to the receiver.
   */
  public static AuditTarget moved(Transfer transfer, TransferItem item) {
    return new AuditTarget(
        item.kind().wireName(),
        item.id(),
        transfer.to().handle() + "/" + item.newHandle().orElse(item.handle()),
        Optional.of(transfer.to().id()));
  }

  /**
   * Returns the audit target for a change that waits for consent, and that was not looked up yet.
   */
  public static AuditTarget approval(Approval.Id id) {
    return target("approval", id.value().toString());
  }

  /**
   * Returns the audit target for a change that waits for consent. The target has the name of the
   * changed service. The event belongs to the user who owned the service when the change was
   * requested. After a transfer, the target has the name that this user knows.
   */
  public static AuditTarget approval(Approval approval) {
    return approval(
        approval.id(), approval.moved() ? approval.askedAs() : approval.ref(), approval.owner());
  }

  public static AuditTarget approval(Approval.Id id, Instance.Ref service, User.Id owner) {
    return target("approval", id.value(), service.toString(), owner);
  }

  /** Returns the audit target for an access review that was not looked up yet. */
  public static AuditTarget review(Review.Id id) {
    return target("review", id.value().toString());
  }

  /**
   * Returns the audit target for an access review. The target has the name of the reviewed service
   * or group. The event belongs to the owner of the reviewed service.
   */
  public static AuditTarget review(Review review) {
    return target("review", review.id().value(), review.subject().ref(), review.subject().owner());
  }

  /**
   * Returns the audit target for an access review that has not started yet. The target has the name
   * of the reviewed service or group.
   */
  public static AuditTarget review(String ref) {
    return target("review", ref);
  }

  /** Returns the audit target for a borrow request that was not looked up yet. */
  public static AuditTarget request(BorrowRequest.Id id) {
    return target("request", id.value().toString());
  }

  /**
   * Returns the audit target for a request to borrow a service. The target has the name of the
   * service. The event belongs to the owner of the service.
   */
  public static AuditTarget request(BorrowRequest request) {
    return target(
        "request",
        request.id().value(),
        request.service().ref().toString(),
        request.service().owner());
  }

  public static AuditTarget encryptionKey(EncryptionKeyId id) {
    return target("encryption_key", id.value());
  }

  /** Returns the audit target for the key that signs the heads of the audit trail's hash chain. */
  public static AuditTarget auditKey() {
    return target("audit_key", "");
  }

  /**
   * Returns the audit target for a key of the issuer. The target's name is the key id that
   * providers see.
   */
  public static AuditTarget issuerKey(String kid) {
    return target("issuer_key", kid, User.Id.SYSTEM);
  }

  /**
   * Returns the audit target for a budget that was not looked up yet.
   *
   * @param id the id as the caller stated it, which can be any text. A text that can't be the id of
   *     a budget is not recorded, because it might be too long for the database
   */
  public static AuditTarget budget(String id) {
    return target("budget", BudgetReference.read(id).isPresent() ? id : "");
  }

  /**
   * Returns the audit target for a budget.
   *
   * @param owner the owner of the budget's service or token; empty if administrators set the budget
   */
  public static AuditTarget budget(BudgetAccount account, Optional<User.Id> owner) {
    return new AuditTarget("budget", Optional.of(account.id()), BudgetReference.of(account), owner);
  }

  /**
   * Returns the audit target for a webhook that was not looked up yet. The webhook belongs to a
   * user or a group.
   */
  public static AuditTarget webhook(GranteeName receiver) {
    return target("webhook", receiver.toString());
  }

  /**
   * Returns the audit target for the webhook of a user or a group. An event about a user's webhook
   * belongs to the user. An event about a group's webhook belongs to nobody.
   */
  public static AuditTarget webhook(GranteeId id, GranteeName receiver) {
    return target(
        "webhook",
        id.value(),
        receiver.toString(),
        id instanceof User.Id user ? user : User.Id.SYSTEM);
  }

  public static AuditTarget defaultService(Handle handle) {
    return target("default", handle.value());
  }

  public static AuditTarget defaultService(User.Id user, Handle handle) {
    return target("default", user.value(), handle.value(), user);
  }

  /** Returns the audit target for a model that was neither looked up nor created yet. */
  public static AuditTarget model(String name) {
    return target("model", name, User.Id.SYSTEM);
  }

  public static AuditTarget model(ModelConfig config) {
    return target(
        "model",
        config.id().value(),
        config.settings().provider().wireName() + "/" + config.settings().model().value(),
        User.Id.SYSTEM);
  }

  /** Returns the audit target for a price of the deployment. */
  public static AuditTarget price(Provider provider, ModelName model) {
    return target("price", provider.wireName() + " " + model.value(), User.Id.SYSTEM);
  }

  /** Returns the audit target for a service's price that was not looked up yet. */
  public static AuditTarget price(Instance.Ref service, ModelName model) {
    return target("price", service + " " + model.value());
  }

  public static AuditTarget price(Instance service, ModelName model) {
    return target(
        "price", service.id().value(), service.ref() + " " + model.value(), service.owner());
  }

  /** Returns the audit target for a service's billing credential that was not looked up yet. */
  public static AuditTarget billing(Instance.Ref service) {
    return target("billing", service.toString());
  }

  public static AuditTarget billing(Instance service) {
    return billing(service.id(), service.ref(), service.owner());
  }

  public static AuditTarget billing(Instance.Id service, Instance.Ref ref, User.Id owner) {
    return target("billing", service.value(), ref.toString(), owner);
  }

  /**
   * Returns the audit target for the provider's invoice for a month. The service to which the
   * invoice belongs was not looked up yet.
   */
  public static AuditTarget invoice(Instance.Ref service, YearMonth month) {
    return target("invoice", service + " " + month);
  }

  public static AuditTarget invoice(Instance service, YearMonth month) {
    return target("invoice", service.id().value(), service.ref() + " " + month, service.owner());
  }

  /**
   * Returns the audit target for the retention times that administrators have set for usage and the
   * audit trail.
   */
  public static AuditTarget retention() {
    return target("retention", "", User.Id.SYSTEM);
  }

  /** Returns the audit target for prices of the deployment that were imported together. */
  public static AuditTarget priceList() {
    return target("price", "import", User.Id.SYSTEM);
  }

  /** Returns an audit target of which only the name is known. */
  private static AuditTarget target(String kind, String name) {
    return new AuditTarget(kind, Optional.empty(), name, Optional.empty());
  }

  private static AuditTarget target(String kind, String name, User.Id owner) {
    return new AuditTarget(kind, Optional.empty(), name, Optional.of(owner));
  }

  private static AuditTarget target(String kind, UUID id, String name, User.Id owner) {
    return new AuditTarget(kind, Optional.of(id), name, Optional.of(owner));
  }
}
