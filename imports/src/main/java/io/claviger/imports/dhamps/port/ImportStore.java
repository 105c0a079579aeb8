package io.claviger.imports.dhamps.port;

import io.claviger.domain.accounts.Handle;
import io.claviger.domain.accounts.User;
import io.claviger.domain.definitions.Definition;
import io.claviger.domain.instances.Destination;
import io.claviger.domain.instances.Instance;
import io.claviger.domain.keys.SealedValue;
import io.claviger.domain.projects.Project;
import io.claviger.domain.sharing.Role;
import io.claviger.imports.shared.ImportedKind;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;

/**
 * Stores imported rows, many at once, and remembers them by their old names. The caller must write
 * only rows that keep the rules of the domain. If a handle was taken or a reference deleted in the
 * meantime, the methods throw {@link io.claviger.application.shared.ConcurrencyConflict}.
 */
public interface ImportStore {
  /**
   * Waits until no other import is running. Other imports then wait until this transaction ends.
   */
  void begin();

  /** Identifies this database among all databases. */
  String database();

  /**
   * Something that was imported.
   *
   * @param source the identity of the source database
   * @param name its name in the source
   * @param id its id here; empty for what has no id
   */
  record ImportedRow(String source, ImportedKind kind, String name, Optional<UUID> id) {}

  /**
   * Something that an earlier run imported from the same source.
   *
   * @param ref its {@code handle} or {@code owner/handle} here; empty if it has no handle or was
   *     deleted
   */
  record EarlierImport(ImportedKind kind, String name, Optional<UUID> id, Optional<String> ref) {}

  List<EarlierImport> importedFrom(String source);

  void record(List<ImportedRow> arrivals);

  /** Returns those of the given handles that belong to a user. */
  Set<Handle> takenByUsers(Collection<Handle> handles);

  /**
   * Returns what users already own, by owner and handle, and what their former references still
   * lead to: those can't be given again yet.
   *
   * @param kind the kind: definition, service or project
   */
  Map<User.Id, Map<Handle, UUID>> ownedBy(ImportedKind kind, Collection<User.Id> owners);

  /**
   * Returns the users that things are already shared with.
   *
   * @param kind share (of a service), definition share, or member (of a project)
   */
  Map<UUID, Set<User.Id>> sharedWith(ImportedKind kind, Collection<UUID> things);

  void addUsers(List<User> users);

  void addDefinitions(List<Definition> definitions);

  /** An instance with its key. */
  record NewService(Instance instance, Optional<SealedValue> apiKey) {}

  void addServices(List<NewService> services);

  /**
   * A share of a service, definition or project.
   *
   * @param role the role; always reader for a definition
   */
  record NewShare(
      UUID shared,
      Handle owner,
      Handle handle,
      User.Id grantee,
      Handle granteeHandle,
      Role role,
      User.Id givenBy,
      Instant at) {}

  /**
   * @param kind share (of a service), definition share, or member (of a project)
   */
  void addShares(ImportedKind kind, List<NewShare> shares);

  void addProjects(List<Project> projects);

  /**
   * Locks those of the given instances that have no key, for {@link #setKeys}. Returns their
   * destinations by id.
   */
  Map<Instance.Id, Destination> lockKeyless(Collection<Instance.Id> instances);

  /** Stores keys for instances that have none. */
  void setKeys(Map<Instance.Id, SealedValue> keys, Instant at);
}
