package io.claviger.application.instances;

import io.claviger.application.accounts.port.UserStore;
import io.claviger.application.credentials.port.CredentialMinter;
import io.claviger.application.credentials.port.MintedStates;
import io.claviger.application.definitions.port.DefinitionStore;
import io.claviger.application.instances.port.InstanceFilter;
import io.claviger.application.instances.port.InstanceReferences;
import io.claviger.application.instances.port.InstanceStore;
import io.claviger.application.instances.port.LastContacts;
import io.claviger.application.instances.port.ModelCatalogue;
import io.claviger.application.instances.port.ProviderAccounts;
import io.claviger.application.keys.KeyAccess;
import io.claviger.application.providers.port.ProviderStore;
import io.claviger.application.shared.Actor;
import io.claviger.application.shared.AuditedChanges;
import io.claviger.application.shared.ChangeLog;
import io.claviger.application.shared.Outcome;
import io.claviger.application.shared.Page;
import io.claviger.application.shared.PageRequest;
import io.claviger.application.shared.Precondition;
import io.claviger.application.standards.port.ApiStandardStore;
import io.claviger.domain.accounts.Handle;
import io.claviger.domain.credentials.TokenUrl;
import io.claviger.domain.definitions.Endpoint;
import io.claviger.domain.instances.Instance;
import io.claviger.domain.policy.Limits;
import io.claviger.domain.sharing.Role;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * The instances. Users know instances as LLM services. An instance that the caller can't see is
 * refused with {@code not_found}. For a token that is restricted to one instance, the answer for
 * every other instance is {@code not_found}. Changes need a token of scope manage; a token of scope
 * use is refused with {@code forbidden}.
 */
public interface Instances {
  /** The greatest number of instances in a list without pages. */
  int MOST_LISTED = 100;

  /** Finds an instance by its owner and handle, for everybody who can see it. */
  Outcome<InstanceView> find(Actor actor, Instance.Ref ref);

  /** Finds an instance by its id, for everybody who can see it. */
  Outcome<InstanceView> find(Actor actor, Instance.Id id);

  /**
   * Lists every instance that a user can use, each once, by owner and handle: the user's own
   * instances, instances that are shared with the user, and system-level instances. With a token
   * that is restricted to one instance, the list contains only that instance.
   *
   * <p>Users list their own instances. Administrators with a token of scope manage may list
   * anybody's instances. Everybody can read the list of {@code _system}, which contains the
   * system-level instances. A request for any other list is refused with {@code not_found}, whether
   * or not the named user exists.
   */
  Outcome<Page<InstanceView, Instance.Ref>> list(
      Actor actor, Handle user, InstanceFilter filter, PageRequest<Instance.Ref> page);

  /**
   * Counts the instances that {@link #list} lists for the same caller.
   *
   * @return {@link PageRequest#MOST_COUNTED} at most
   */
  Outcome<Integer> count(Actor actor, Handle user, InstanceFilter filter);

  /**
   * Lists everybody's instances, by owner and handle, to administrators with a token of scope
   * manage. Anybody else is refused with {@code forbidden}.
   *
   * @param filter which instances are listed; must not name a role
   */
  Outcome<Page<InstanceView, Instance.Ref>> listAll(
      Actor actor, InstanceFilter filter, PageRequest<Instance.Ref> page);

  /**
   * Counts the instances that {@link #listAll} lists for the same caller.
   *
   * @return {@link PageRequest#MOST_COUNTED} at most
   */
  Outcome<Integer> countAll(Actor actor, InstanceFilter filter);

  /**
   * Lists the instances that a user can use, by owner and handle, with the role and the terms that
   * this user has. Only this user and administrators may list them, as with {@link #list}.
   */
  Outcome<Page<UsableInstance, Instance.Ref>> listUsable(
      Actor actor, Handle user, PageRequest<Instance.Ref> page);

  /**
   * An instance that a user can use.
   *
   * @param role the role of the user
   * @param via the group whose share the user's calls use; empty if these calls use no group's
   *     share
   * @param until the end of the share that the user's calls use; empty if that share has no end
   * @param limits the limits of this share
   */
  record UsableInstance(
      Instance instance,
      Optional<Role> role,
      Optional<Handle> via,
      Optional<Instant> until,
      Limits limits) {}

  /**
   * Lists, by owner and handle, enabled instances that wait for the caller. Some instances have no
   * key for the caller's calls, and the caller may set one. Other instances have a credential that
   * the caller has to confirm. Returns {@link #MOST_LISTED} at most.
   */
  List<InstanceView> withoutKey(Actor actor);

  /**
   * Lists instances that the caller uses by a share that ends soon, in the order in which the
   * shares end.
   *
   * @param within shares are listed if they end within this time from now
   * @return {@link #MOST_LISTED} at most
   */
  List<InstanceView> endingSoon(Actor actor, Duration within);

  /**
   * Returns services with a key or other secret that was stored longer ago than the given age and
   * that the actor can replace: the actor's own services, and the services for which the actor has
   * an owner share. Returns {@link #MOST_LISTED} at most, by owner and handle.
   */
  List<InstanceView> withOldKeys(Actor actor, Duration age);

  /**
   * Creates or replaces an instance. Absent fields get the values of the named definition, or their
   * defaults if no definition is named; stored secrets are kept.
   *
   * <p>Only the owning user may create an instance; for {@code _system}, administrators may create
   * it. Everybody else is refused with {@code forbidden}, even if no such instance exists.
   * Replacing follows the rules of {@link #patch}. The number of instances of a user is limited;
   * creating a further instance is refused with the conflict {@code quota_exceeded}.
   *
   * @param write the caller must close its secrets
   */
  Outcome<WrittenInstance> put(
      Actor actor, Instance.Ref ref, Precondition precondition, InstanceWrite write);

  /**
   * Returns the new instance that {@link #put} would store, and stores nothing. The draft is
   * refused for the same reasons as a write with {@link #put}, except that the quota is not
   * checked. In addition, the draft is refused with {@code precondition_failed} if an instance of
   * that name exists.
   *
   * @param write the caller must close its secrets
   */
  Outcome<InstanceDraft> draft(Actor actor, Instance.Ref ref, InstanceWrite write);

  /**
   * Changes an instance that exists. Absent fields keep their values.
   *
   * <p>A write needs rights only for the fields whose value it changes, so a client may send back
   * all fields that it has read. A changed field that the caller's role may not change is refused
   * with {@code forbidden}. A key and the values of custom headers are sealed to the destination. A
   * write that changes the destination has to send the key and these values again, or clear them.
   * The same is true of a write after which the API standard forwards more headers or query
   * parameters. A write that sends custom headers also has to send or clear the key (conflict
   * {@code key_bound_to_destination}). A write that sends a key, a credential or custom headers has
   * to name the endpoint where they may be sent (fault {@code destination_required}). If somebody
   * else set the stored custom headers, a write that sends a key or credential also has to send or
   * clear the custom headers. A write that changes the endpoint, the API standard, the organization
   * or the custom headers deletes the keys that users stored for the instance. The provider can't
   * be changed while models of the catalogue are bound to the instance (conflict {@code in_use}).
   *
   * @param write the caller must close its secrets
   */
  Outcome<WrittenInstance> patch(
      Actor actor, Instance.Ref ref, Precondition precondition, InstanceWrite write);

  /**
   * Confirms where a credential without a secret is used: at the endpoint that the instance has
   * now, with the settings of its credential. Until the instance is confirmed, its calls are
   * refused as {@code credential_unconfirmed}.
   *
   * <p>Only the owning user may confirm; for {@code _system}, administrators may do so. Everybody
   * else who sees the instance is refused with {@code forbidden}. After a transfer, the former
   * owner may confirm once more, which lets the present owner use the former owner's account at the
   * provider. The present owner can't confirm settings that came with the instance (conflict {@code
   * credential_of_former_owner}). If the given endpoint or token URLs differ from the present ones,
   * the confirmation is invalid. For a credential with a secret, the answer is the conflict {@code
   * nothing_to_confirm}.
   *
   * @param tokenUrls the addresses of the credential that are not the provider's own
   * @return the reference of the instance
   */
  Outcome<Instance.Ref> confirm(
      Actor actor,
      Instance.Ref ref,
      Precondition precondition,
      Endpoint destination,
      Set<TokenUrl> tokenUrls);

  /**
   * Deletes an instance with its shares and its keys, including keys of users. If the instance is
   * system-level, the models that are bound to it are deleted too. Unbound models are also deleted
   * if no other instance of the same provider can run them.
   *
   * <p>Only the owning user and administrators can delete it; everybody else who sees it is refused
   * with {@code forbidden}. An instance that a project uses is refused with the conflict {@code
   * in_use}.
   *
   * @return the reference that the instance had
   */
  Outcome<Instance.Ref> delete(Actor actor, Instance.Ref ref, Precondition precondition);

  /**
   * Makes a write that waited for consent, with the present rights of the user who requested it.
   * The write is made only if the service has not changed since the write was requested. This
   * method runs within an attempt (a transaction) of the caller.
   *
   * @param image the stored text of the write
   * @throws io.claviger.application.shared.RefusedException when the asker may no longer make the
   *     write
   */
  void writeConsented(ChangeLog log, Actor asker, Instance.Ref ref, String image);

  /**
   * Makes a deletion that waited for consent, with the present rights of the user who requested it.
   * This method runs within an attempt (a transaction) of the caller.
   *
   * @throws io.claviger.application.shared.RefusedException when the asker may no longer make the
   *     deletion
   */
  void deleteConsented(ChangeLog log, Actor asker, Instance.Ref ref);

  /**
   * Builds the use case.
   *
   * @param references finds everything that prevents the deletion of an instance
   * @param accounts knows whether anything is stored with the key of a service
   * @param contacts knows the results of the last calls and checks of services
   * @param minters check the secrets of credentials, one minter for each kind
   * @param catalogue the model catalogue, from which the models of a deleted system-level instance
   *     are removed
   */
  static Instances of(
      InstanceStore instances,
      InstanceReferences references,
      ModelCatalogue catalogue,
      ApiStandardStore standards,
      ProviderStore providers,
      DefinitionStore definitions,
      UserStore users,
      KeyAccess keys,
      ProviderAccounts accounts,
      LastContacts contacts,
      MintedStates minted,
      List<CredentialMinter> minters,
      AuditedChanges changes) {
    InstanceViews views = new InstanceViews(keys, contacts, minted);
    SecretUpdates secrets = new SecretUpdates(keys.sealer());
    Confirmations confirmations = new Confirmations(instances, keys.sealer(), secrets);
    return new InstanceUseCases(
        instances,
        references,
        catalogue,
        users,
        views,
        new SettingsResolver(standards, providers, definitions, minters, keys.destinations()),
        new InstanceWriter(
            instances, keys.userKeys(), accounts, secrets, confirmations, views, changes),
        confirmations,
        changes);
  }
}
