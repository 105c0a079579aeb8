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
 * Shows and writes instances. Users know instances as LLM services. If the caller can't see an
 * instance, the answer is {@code not_found}. If a token is restricted to one instance, the answer
 * for every other instance is {@code not_found}. Changes need a token with the scope {@code
 * manage}. A token with the scope {@code use} is refused with {@code forbidden}.
 */
public interface Instances {
  /** The maximum number of instances in a list without pages. */
  int MOST_LISTED = 100;

  /** Finds an instance by its owner and handle, for everybody who can see it. */
  Outcome<InstanceView> find(Actor actor, Instance.Ref ref);

  /** Finds an instance by its id, for everybody who can see it. */
  Outcome<InstanceView> find(Actor actor, Instance.Id id);

  /**
   * Lists all instances that a user can use, ordered by owner and handle. The list contains the
   * user's own instances, instances shared with the user, and system-level instances. With a token
   * that is restricted to one instance, the list contains only that instance.
   *
   * <p>Users can list their own instances. Administrators with a token of scope {@code manage} can
   * list any user's instances. Everybody can list the instances of {@code _system}, which are the
   * system-level instances. For any other list, the answer is {@code not_found}, even if the named
   * user exists.
   */
  Outcome<Page<InstanceView, Instance.Ref>> list(
      Actor actor, Handle user, InstanceFilter filter, PageRequest<Instance.Ref> page);

  /**
   * Counts the instances that {@link #list} lists for the same caller.
   *
   * @return at most {@link PageRequest#MOST_COUNTED}
   */
  Outcome<Integer> count(Actor actor, Handle user, InstanceFilter filter);

  /**
   * Lists the instances of all users, ordered by owner and handle, for administrators with a token
   * of scope {@code manage}. Anybody else is refused with {@code forbidden}.
   *
   * @param filter the filter of the instances; must not name a role
   */
  Outcome<Page<InstanceView, Instance.Ref>> listAll(
      Actor actor, InstanceFilter filter, PageRequest<Instance.Ref> page);

  /**
   * Counts the instances that {@link #listAll} lists for the same caller.
   *
   * @return at most {@link PageRequest#MOST_COUNTED}
   */
  Outcome<Integer> countAll(Actor actor, InstanceFilter filter);

  /**
   * Lists the instances that a user can use, ordered by owner and handle, with the user's role and
   * the terms of the user's share. Only this user and administrators may list these instances, as
   * with {@link #list}.
   */
  Outcome<Page<UsableInstance, Instance.Ref>> listUsable(
      Actor actor, Handle user, PageRequest<Instance.Ref> page);

  /**
   * An instance that a user can use.
   *
   * @param role the role of the user
   * @param via the group whose share is used for the user's calls; empty if no group's share is
   *     used
   * @param until the end of the share that is used for the user's calls; empty if this share has no
   *     end
   * @param limits the limits of the share that is used for the user's calls
   */
  record UsableInstance(
      Instance instance,
      Optional<Role> role,
      Optional<Handle> via,
      Optional<Instant> until,
      Limits limits) {}

  /**
   * Lists enabled instances whose setup the caller has to complete, ordered by owner and handle. An
   * instance is listed if the caller's calls find no key and the caller may set one, or if the
   * caller has to confirm the credential. Returns at most {@link #MOST_LISTED} instances.
   */
  List<InstanceView> withoutKey(Actor actor);

  /**
   * Lists the instances for which the caller's share ends soon, in the order in which the shares
   * end.
   *
   * @param within the maximum time from now to the end of a listed share
   * @return at most {@link #MOST_LISTED} instances
   */
  List<InstanceView> endingSoon(Actor actor, Duration within);

  /**
   * Lists services whose key or other secret is older than the given age. Only services of which
   * the actor can replace this secret, as an owner or because of an owner share, are listed.
   * Returns at most {@link #MOST_LISTED} services, ordered by owner and handle.
   */
  List<InstanceView> withOldKeys(Actor actor, Duration age);

  /**
   * Creates or replaces an instance. If the write names a definition, absent fields get the
   * definition's values. If it names none, absent fields get their defaults. Secrets that are
   * already stored are kept.
   *
   * <p>Users may create only instances of their own. Administrators may also create instances of
   * {@code _system}. Everybody else is refused with {@code forbidden}, even if no such instance
   * exists. Replacing follows the rules of {@link #patch}. If the user already has the maximum
   * number of instances, creating an instance is refused with the conflict {@code quota_exceeded}.
   *
   * @param write the write; the caller of this method must close the write's secrets
   */
  Outcome<WrittenInstance> put(
      Actor actor, Instance.Ref ref, Precondition precondition, InstanceWrite write);

  /**
   * Returns the new instance that {@link #put} would store, without storing it. The draft is
   * refused for the same reasons as a write with {@link #put}, but the quota is not checked. In
   * addition, the draft is refused with {@code precondition_failed} if an instance of that name
   * exists.
   *
   * @param write the write; the caller of this method must close the write's secrets
   */
  Outcome<InstanceDraft> draft(Actor actor, Instance.Ref ref, InstanceWrite write);

  /**
   * Changes an existing instance. Fields that the write does not contain keep their values.
   *
   * <p>A write needs rights only for the fields whose value it changes. So a client may send back
   * all fields that it has read. If the caller's role may not change one of the changed fields, the
   * write is refused with {@code forbidden}. A key and the values of custom headers are sealed to
   * the destination. If a write changes the destination, the write must also send or clear the key
   * and the header values. The key and the header values must also be sent or cleared if the API
   * standard forwards more headers or query parameters after the write. If a write sends custom
   * headers, it must also send or clear the key (conflict {@code key_bound_to_destination}). If a
   * write sends a key, a credential or custom headers, it must name the endpoint that may receive
   * them (fault {@code destination_required}). If somebody else set the stored custom headers, a
   * write with a key or credential must also send or clear the custom headers. If a write changes
   * the endpoint, the API standard, the organization or the custom headers, the keys that users
   * stored for the instance are deleted. The provider can't be changed while models of the
   * catalogue are bound to the instance (conflict {@code in_use}).
   *
   * @param write the write; the caller of this method must close the write's secrets
   */
  Outcome<WrittenInstance> patch(
      Actor actor, Instance.Ref ref, Precondition precondition, InstanceWrite write);

  /**
   * Confirms the endpoint and the settings with which a credential without a secret may be used.
   * Until the confirmation, calls of the instance are refused with {@code credential_unconfirmed}.
   *
   * <p>Only the owning user may confirm. For {@code _system}, only administrators may confirm.
   * Everybody else who sees the instance is refused with {@code forbidden}. After a transfer, the
   * former owner may confirm once more. This confirmation lets the present owner use the former
   * owner's account at the provider. The present owner can't confirm settings that the instance
   * already had at the transfer (conflict {@code credential_of_former_owner}). If the given
   * endpoint or token URLs differ from the instance's present values, the confirmation is invalid.
   * If the credential has a secret, the answer is the conflict {@code nothing_to_confirm}.
   *
   * @param tokenUrls the token URLs in the settings of the credential, except the provider's own
   *     token URLs
   * @return the owner and handle of the instance
   */
  Outcome<Instance.Ref> confirm(
      Actor actor,
      Instance.Ref ref,
      Precondition precondition,
      Endpoint destination,
      Set<TokenUrl> tokenUrls);

  /**
   * Deletes an instance with its shares and its keys, including keys of users. If the instance is
   * system-level, the models that are bound to it are deleted too. The provider's unbound models
   * are deleted too if no other instance of this provider can run them.
   *
   * <p>Only the owning user and administrators can delete an instance. Everybody else who sees it
   * is refused with {@code forbidden}. If a project uses the instance, the deletion is refused with
   * the conflict {@code in_use}.
   *
   * @return the owner and handle that the instance had
   */
  Outcome<Instance.Ref> delete(Actor actor, Instance.Ref ref, Precondition precondition);

  /**
   * Performs a write to which other users have consented. The requester's present rights apply. The
   * write is made only if the service has not changed since the write was requested. This method
   * runs within the caller's transaction.
   *
   * @param image the stored text of the write
   * @throws io.claviger.application.shared.RefusedException if the requester no longer has the
   *     right to make the write
   */
  void writeConsented(ChangeLog log, Actor asker, Instance.Ref ref, String image);

  /**
   * Performs a deletion to which other users have consented. The requester's present rights apply.
   * This method runs within the caller's transaction.
   *
   * @throws io.claviger.application.shared.RefusedException if the requester no longer has the
   *     right to make the deletion
   */
  void deleteConsented(ChangeLog log, Actor asker, Instance.Ref ref);

  /**
   * Everything stored on which the use cases depend.
   *
   * @param references the object that finds everything that prevents the deletion of an instance
   * @param catalogue the model catalogue, from which the models of a deleted system-level instance
   *     are removed
   * @param accounts the record that shows whether anything is stored at the provider with a
   *     service's key
   */
  record Stores(
      InstanceStore instances,
      InstanceReferences references,
      ModelCatalogue catalogue,
      ApiStandardStore standards,
      ProviderStore providers,
      DefinitionStore definitions,
      UserStore users,
      ProviderAccounts accounts) {}

  /**
   * Builds an implementation of this interface.
   *
   * @param contacts the object that finds the result of each service's last call or check
   * @param minters the minters that check the secrets of credentials, one for each kind of
   *     credential
   */
  static Instances of(
      Stores stores,
      KeyAccess keys,
      LastContacts contacts,
      MintedStates minted,
      List<CredentialMinter> minters,
      AuditedChanges changes) {
    InstanceViews views = new InstanceViews(keys, contacts, minted);
    SecretUpdates secrets = new SecretUpdates(keys.sealer());
    Confirmations confirmations = new Confirmations(stores.instances(), keys.sealer(), secrets);
    return new InstanceUseCases(
        stores,
        views,
        new SettingsResolver(
            stores.standards(),
            stores.providers(),
            stores.definitions(),
            minters,
            keys.destinations()),
        new InstanceWriter(
            stores.instances(),
            keys.userKeys(),
            stores.accounts(),
            secrets,
            confirmations,
            views,
            changes),
        confirmations,
        changes);
  }
}
