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

/** The targets of audit events, by the names that the audit trail uses. */
public final class AuditTargets {
  private AuditTargets() {}

  /** A user who is not known yet. */
  public static AuditTarget unknownUser() {
    return new AuditTarget("user", Optional.empty(), "", Optional.empty());
  }

  /**
   * An identity that belongs to no user, with everything that an administrator needs to link it.
   */
  public static AuditTarget identity(Identity identity) {
    return new AuditTarget(
        "user",
        Optional.empty(),
        identity.subject() + " at " + identity.issuer(),
        Optional.empty());
  }

  public static AuditTarget user(Handle handle) {
    return new AuditTarget("user", Optional.empty(), handle.value(), Optional.empty());
  }

  public static AuditTarget user(User.Id id, Handle handle) {
    return new AuditTarget("user", Optional.of(id.value()), handle.value(), Optional.of(id));
  }

  public static AuditTarget trustedIssuer(Handle name) {
    return new AuditTarget(
        "trusted_issuer", Optional.empty(), name.value(), Optional.of(User.Id.SYSTEM));
  }

  public static AuditTarget trustedIssuer(TrustedIssuer issuer) {
    return new AuditTarget(
        "trusted_issuer",
        Optional.of(issuer.id().value()),
        issuer.name().value(),
        Optional.of(User.Id.SYSTEM));
  }

  /** A SCIM token, before it was found or made. */
  public static AuditTarget scimToken(String name) {
    return new AuditTarget("scim_token", Optional.empty(), name, Optional.of(User.Id.SYSTEM));
  }

  public static AuditTarget scimToken(ScimToken token) {
    return new AuditTarget(
        "scim_token",
        Optional.of(token.id().value()),
        token.name().value(),
        Optional.of(User.Id.SYSTEM));
  }

  /** A group that an identity provider names, before it was found. */
  public static AuditTarget unknownGroup() {
    return new AuditTarget("group", Optional.empty(), "", Optional.of(User.Id.SYSTEM));
  }

  /** A trust of a service account, before it was found. */
  public static AuditTarget trust(Handle account, Handle name) {
    return new AuditTarget("trust", Optional.empty(), account + "/" + name, Optional.empty());
  }

  public static AuditTarget trust(Trust trust, Handle account) {
    return new AuditTarget(
        "trust",
        Optional.of(trust.id().value()),
        account + "/" + trust.name(),
        Optional.of(trust.account()));
  }

  /** A group, before it was found. Groups belong to nobody. */
  public static AuditTarget group(Handle handle) {
    return new AuditTarget("group", Optional.empty(), "@" + handle, Optional.of(User.Id.SYSTEM));
  }

  public static AuditTarget group(Group group) {
    return new AuditTarget(
        "group",
        Optional.of(group.id().value()),
        "@" + group.handle(),
        Optional.of(User.Id.SYSTEM));
  }

  public static AuditTarget standard(Handle handle) {
    return new AuditTarget(
        "standard", Optional.empty(), handle.value(), Optional.of(User.Id.SYSTEM));
  }

  public static AuditTarget provider(Handle handle) {
    return new AuditTarget(
        "provider", Optional.empty(), handle.value(), Optional.of(User.Id.SYSTEM));
  }

  public static AuditTarget definition(Definition.Ref ref) {
    return new AuditTarget("definition", Optional.empty(), ref.toString(), Optional.empty());
  }

  public static AuditTarget definition(Definition definition) {
    return new AuditTarget(
        "definition",
        Optional.of(definition.id().value()),
        definition.ref().toString(),
        Optional.of(definition.owner()));
  }

  public static AuditTarget project(Project.Ref ref) {
    return new AuditTarget("project", Optional.empty(), ref.toString(), Optional.empty());
  }

  public static AuditTarget project(Project project) {
    return new AuditTarget(
        "project",
        Optional.of(project.id().value()),
        project.ref().toString(),
        Optional.of(project.owner()));
  }

  /** A service, before it was found. */
  public static AuditTarget service(Instance.Ref ref) {
    return new AuditTarget("service", Optional.empty(), ref.toString(), Optional.empty());
  }

  public static AuditTarget service(KeyedInstance instance) {
    return service(instance.id(), instance.ref(), instance.owner());
  }

  public static AuditTarget service(Instance.Id id, Instance.Ref ref, User.Id owner) {
    return new AuditTarget("service", Optional.of(id.value()), ref.toString(), Optional.of(owner));
  }

  /** A user's own key for a service. The event belongs to this user, so nobody else sees it. */
  public static AuditTarget userKey(Instance.Ref ref, User.Id user) {
    return new AuditTarget("user_key", Optional.empty(), ref.toString(), Optional.of(user));
  }

  public static AuditTarget userKey(Instance instance, User.Id user) {
    return userKey(instance.id(), instance.ref(), user);
  }

  public static AuditTarget userKey(Instance.Id instance, Instance.Ref ref, User.Id user) {
    return new AuditTarget(
        "user_key", Optional.of(instance.value()), ref.toString(), Optional.of(user));
  }

  /** A user's acceptance that bare names lead to a service. Only this user sees the event. */
  public static AuditTarget bareNames(Instance.Ref ref, User.Id user) {
    return new AuditTarget("bare_names", Optional.empty(), ref.toString(), Optional.of(user));
  }

  public static AuditTarget bareNames(Instance instance, User.Id user) {
    return new AuditTarget(
        "bare_names",
        Optional.of(instance.id().value()),
        instance.ref().toString(),
        Optional.of(user));
  }

  /** A transfer whose giver is not known yet. */
  public static AuditTarget transfer(Handle to) {
    return new AuditTarget("transfer", Optional.empty(), to.value(), Optional.empty());
  }

  /** A transfer, before it was found. */
  public static AuditTarget transfer(Transfer.Id id) {
    return new AuditTarget("transfer", Optional.empty(), id.value().toString(), Optional.empty());
  }

  /** A transfer. The event belongs to the giver. */
  public static AuditTarget transfer(Transfer transfer) {
    return new AuditTarget(
        "transfer",
        Optional.of(transfer.id().value()),
        transfer.to().handle().value(),
        Optional.of(transfer.from().id()));
  }

  /** A service or project that a transfer gave to the receiver, to whom the event belongs. */
  public static AuditTarget moved(Transfer transfer, TransferItem item) {
    return new AuditTarget(
        item.kind().wireName(),
        item.id(),
        transfer.to().handle() + "/" + item.newHandle().orElse(item.handle()),
        Optional.of(transfer.to().id()));
  }

  /** A change that waits for consent, before it was found. */
  public static AuditTarget approval(Approval.Id id) {
    return new AuditTarget("approval", Optional.empty(), id.value().toString(), Optional.empty());
  }

  /** A change that waits for consent, by its service. The event belongs to the service's owner. */
  public static AuditTarget approval(Approval approval) {
    return approval(approval.id(), approval.ref(), approval.owner());
  }

  public static AuditTarget approval(Approval.Id id, Instance.Ref service, User.Id owner) {
    return new AuditTarget(
        "approval", Optional.of(id.value()), service.toString(), Optional.of(owner));
  }

  /** An access review, before it was found. */
  public static AuditTarget review(Review.Id id) {
    return new AuditTarget("review", Optional.empty(), id.value().toString(), Optional.empty());
  }

  /**
   * An access review, by the name of the reviewed thing. The event belongs to the owner of that
   * thing.
   */
  public static AuditTarget review(Review review) {
    return new AuditTarget(
        "review",
        Optional.of(review.id().value()),
        review.subject().ref(),
        Optional.of(review.subject().owner()));
  }

  /** An access review that is about to be started, by the name of the reviewed thing. */
  public static AuditTarget review(String ref) {
    return new AuditTarget("review", Optional.empty(), ref, Optional.empty());
  }

  /** A request to borrow, before it was found. */
  public static AuditTarget request(BorrowRequest.Id id) {
    return new AuditTarget("request", Optional.empty(), id.value().toString(), Optional.empty());
  }

  /**
   * A request to borrow, by the name of the requested service. The event belongs to the owner of
   * the service.
   */
  public static AuditTarget request(BorrowRequest request) {
    return new AuditTarget(
        "request",
        Optional.of(request.id().value()),
        request.service().ref().toString(),
        Optional.of(request.service().owner()));
  }

  public static AuditTarget encryptionKey(EncryptionKeyId id) {
    return new AuditTarget("encryption_key", Optional.empty(), id.value(), Optional.empty());
  }

  /** The key that signs heads of the audit trail. */
  public static AuditTarget auditKey() {
    return new AuditTarget("audit_key", Optional.empty(), "", Optional.empty());
  }

  /** A key of the issuer, by the id that providers see. */
  public static AuditTarget issuerKey(String kid) {
    return new AuditTarget("issuer_key", Optional.empty(), kid, Optional.of(User.Id.SYSTEM));
  }

  /** A budget, before it was found. */
  public static AuditTarget budget(String id) {
    return new AuditTarget("budget", Optional.empty(), id, Optional.empty());
  }

  /**
   * A budget.
   *
   * @param owner the owner of the service or token to which it belongs; empty for budgets that
   *     administrators set
   */
  public static AuditTarget budget(BudgetAccount account, Optional<User.Id> owner) {
    return new AuditTarget("budget", Optional.of(account.id()), BudgetReference.of(account), owner);
  }

  /** The webhook of a user or a group. */
  public static AuditTarget webhook(GranteeName receiver) {
    return new AuditTarget("webhook", Optional.empty(), receiver.toString(), Optional.empty());
  }

  /** The webhook of a user, to whom the event belongs, or of a group, which belongs to nobody. */
  public static AuditTarget webhook(GranteeId id, GranteeName receiver) {
    return new AuditTarget(
        "webhook",
        Optional.of(id.value()),
        receiver.toString(),
        Optional.of(id instanceof User.Id user ? user : User.Id.SYSTEM));
  }

  public static AuditTarget defaultService(Handle handle) {
    return new AuditTarget("default", Optional.empty(), handle.value(), Optional.empty());
  }

  public static AuditTarget defaultService(User.Id user, Handle handle) {
    return new AuditTarget("default", Optional.of(user.value()), handle.value(), Optional.of(user));
  }

  /** A model, before it was found or created. */
  public static AuditTarget model(String name) {
    return new AuditTarget("model", Optional.empty(), name, Optional.of(User.Id.SYSTEM));
  }

  public static AuditTarget model(ModelConfig config) {
    return new AuditTarget(
        "model",
        Optional.of(config.id().value()),
        config.settings().provider().wireName() + "/" + config.settings().model().value(),
        Optional.of(User.Id.SYSTEM));
  }

  /** A price of the deployment. */
  public static AuditTarget price(Provider provider, ModelName model) {
    return new AuditTarget(
        "price",
        Optional.empty(),
        provider.wireName() + " " + model.value(),
        Optional.of(User.Id.SYSTEM));
  }

  /** A price of a service, before the service was found. */
  public static AuditTarget price(Instance.Ref service, ModelName model) {
    return new AuditTarget(
        "price", Optional.empty(), service + " " + model.value(), Optional.empty());
  }

  public static AuditTarget price(Instance service, ModelName model) {
    return new AuditTarget(
        "price",
        Optional.of(service.id().value()),
        service.ref() + " " + model.value(),
        Optional.of(service.owner()));
  }

  /** The billing credential of a service, before the service was found. */
  public static AuditTarget billing(Instance.Ref service) {
    return new AuditTarget("billing", Optional.empty(), service.toString(), Optional.empty());
  }

  public static AuditTarget billing(Instance service) {
    return billing(service.id(), service.ref(), service.owner());
  }

  public static AuditTarget billing(Instance.Id service, Instance.Ref ref, User.Id owner) {
    return new AuditTarget(
        "billing", Optional.of(service.value()), ref.toString(), Optional.of(owner));
  }

  /** The provider's invoice for a month of a service, before the service was found. */
  public static AuditTarget invoice(Instance.Ref service, YearMonth month) {
    return new AuditTarget("invoice", Optional.empty(), service + " " + month, Optional.empty());
  }

  public static AuditTarget invoice(Instance service, YearMonth month) {
    return new AuditTarget(
        "invoice",
        Optional.of(service.id().value()),
        service.ref() + " " + month,
        Optional.of(service.owner()));
  }

  /** The setting of administrators that says how long usage and the audit trail are kept. */
  public static AuditTarget retention() {
    return new AuditTarget("retention", Optional.empty(), "", Optional.of(User.Id.SYSTEM));
  }

  /** Prices of the deployment that were imported together. */
  public static AuditTarget priceList() {
    return new AuditTarget("price", Optional.empty(), "import", Optional.of(User.Id.SYSTEM));
  }
}
