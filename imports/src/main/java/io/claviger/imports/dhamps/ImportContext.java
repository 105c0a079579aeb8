package io.claviger.imports.dhamps;

import io.claviger.domain.accounts.Handle;
import io.claviger.domain.accounts.User;
import io.claviger.domain.definitions.Definition;
import io.claviger.domain.instances.Instance;
import io.claviger.domain.projects.Project;
import io.claviger.domain.standards.ApiStandard;
import io.claviger.imports.dhamps.port.ImportStore;
import io.claviger.imports.dhamps.port.ImportStore.EarlierImport;
import io.claviger.imports.dhamps.rules.SourceContent;
import io.claviger.imports.shared.ImportedKind;
import io.claviger.imports.shared.ReportBuilder;
import java.time.Instant;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;

/**
 * The state of a running import: the source's content, the rows imported by earlier runs, and what
 * exists here by now.
 */
final class ImportContext {
  /** The user here who corresponds to a user of the source. */
  record Person(User.Id id, Handle handle) {
    static final Person SYSTEM = new Person(User.Id.SYSTEM, Handle.SYSTEM);

    boolean isSystem() {
      return id.equals(User.Id.SYSTEM);
    }
  }

  /**
   * @param came whether it was imported; false for a standard that existed here before
   */
  record ExistingStandard(ApiStandard standard, boolean came) {}

  record ExistingDefinition(UUID id, Definition.Ref ref, User.Id owner, boolean isPublic) {}

  record ExistingService(Instance.Id id, Instance.Ref ref, User.Id owner) {}

  record ExistingProject(UUID id, Project.Ref ref, User.Id owner) {}

  final SourceContent content;
  final Map<String, Handle> renames;
  final ImportStore store;
  final ImportJournal journal;
  final ReportBuilder report = new ReportBuilder();
  final Instant now;

  final Map<String, Person> people = new HashMap<>();
  final Map<String, ExistingStandard> standards = new HashMap<>();
  final Map<Long, ExistingDefinition> definitions = new HashMap<>();
  final Map<Long, ExistingService> services = new HashMap<>();
  final Map<Long, ExistingProject> projects = new HashMap<>();

  /** The users who may use an instance that somebody else owns. */
  final Map<Instance.Id, Set<User.Id>> users = new HashMap<>();

  private final Map<ImportedKind, Map<String, EarlierImport>> known =
      new EnumMap<>(ImportedKind.class);

  ImportContext(
      SourceContent content,
      Map<String, Handle> renames,
      ImportStore store,
      ImportJournal journal,
      List<EarlierImport> cameBefore,
      Instant now) {
    this.content = content;
    this.renames = renames;
    this.store = store;
    this.journal = journal;
    this.now = now;
    cameBefore.forEach(
        k -> known.computeIfAbsent(k.kind(), kind -> new HashMap<>()).put(k.name(), k));
    people.put(Handle.SYSTEM.value(), Person.SYSTEM);
  }

  Optional<EarlierImport> known(ImportedKind kind, String name) {
    return Optional.ofNullable(known.getOrDefault(kind, Map.of()).get(name));
  }

  Optional<Person> person(String handle) {
    return Optional.ofNullable(people.get(handle));
  }

  /** When a row was created. A row without that time counts as created now. */
  Instant madeAt(SourceContent.Stamps stamps) {
    return stamps.createdAt().orElse(now);
  }

  Instant changedAt(SourceContent.Stamps stamps) {
    return stamps.updatedAt().orElse(madeAt(stamps));
  }

  void mayUse(Instance.Id instance, User.Id user) {
    users.computeIfAbsent(instance, id -> new HashSet<>()).add(user);
  }

  boolean uses(ExistingService service, User.Id user) {
    return service.owner().equals(user)
        || users.getOrDefault(service.id(), Set.of()).contains(user);
  }
}
