package io.claviger.dhampsimport.port;

import io.claviger.dhampsimport.rules.ImportedKind;
import io.claviger.domain.accounts.Handle;
import io.claviger.domain.accounts.User;
import io.claviger.domain.accounts.UserId;
import io.claviger.domain.definitions.Definition;
import io.claviger.domain.instances.Destination;
import io.claviger.domain.instances.Instance;
import io.claviger.domain.instances.InstanceId;
import io.claviger.domain.keys.SealedValue;
import io.claviger.domain.projects.Project;
import io.claviger.domain.sharing.Role;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;

/**
 * What came from other databases, and many rows written at once. What is written must keep every
 * rule of the domain; a handle taken or a reference gone meanwhile is a {@link
 * io.claviger.application.shared.ConcurrencyConflict}.
 */
public interface ImportStore {
  /**
   * Waits until no other import is under way, and keeps others waiting until the transaction ends.
   */
  void begin();

  /** Tells this database from every other. */
  String database();

  /**
   * Something that came.
   *
   * @param source the database that it came from
   * @param name what it was called there
   * @param id empty for what has none
   */
  record ImportedRow(String source, ImportedKind kind, String name, Optional<UUID> id) {}

  /**
   * What came from a source before.
   *
   * @param ref {@code handle} or {@code owner/handle} here, where it still is here; empty for what
   *     has no handle and for what is gone
   */
  record Known(ImportedKind kind, String name, Optional<UUID> id, Optional<String> ref) {}

  List<Known> from(String source);

  void record(List<ImportedRow> arrivals);

  /** Those of the handles that users bear. */
  Set<Handle> takenByUsers(Collection<Handle> handles);

  /**
   * What users own already, by owner and handle.
   *
   * @param kind definition, service or project
   */
  Map<UserId, Map<Handle, UUID>> ownedBy(ImportedKind kind, Collection<UserId> owners);

  /**
   * Whom things are shared with already.
   *
   * @param kind share (of a service), definition share, or member (of a project)
   */
  Map<UUID, Set<UserId>> sharedWith(ImportedKind kind, Collection<UUID> things);

  void addUsers(List<User> users);

  void addDefinitions(List<Definition> definitions);

  /** An instance with its key. */
  record NewService(Instance instance, Optional<SealedValue> apiKey) {}

  void addServices(List<NewService> services);

  /**
   * A share of a thing of the kind that goes with it.
   *
   * @param role reader for a definition, of which there is only the sight
   */
  record NewShare(
      UUID shared,
      Handle owner,
      Handle handle,
      UserId grantee,
      Handle granteeHandle,
      Role role,
      UserId givenBy,
      Instant at) {}

  /**
   * @param kind share (of a service), definition share, or member (of a project)
   */
  void addShares(ImportedKind kind, List<NewShare> shares);

  void addProjects(List<Project> projects);

  /** Where keys of those instances would go that have none, by id; locked for {@link #setKeys}. */
  Map<InstanceId, Destination> lockKeyless(Collection<InstanceId> instances);

  /** Gives instances that have no key one. */
  void setKeys(Map<InstanceId, SealedValue> keys, Instant at);
}
