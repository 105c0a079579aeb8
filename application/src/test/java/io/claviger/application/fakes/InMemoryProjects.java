package io.claviger.application.fakes;

import io.claviger.application.fakes.Tables.ShareKey;
import io.claviger.application.projects.port.ProjectStore;
import io.claviger.application.shared.References;
import io.claviger.application.shared.Sight;
import io.claviger.domain.accounts.User;
import io.claviger.domain.fields.FieldValues;
import io.claviger.domain.instances.Instance;
import io.claviger.domain.projects.Project;
import io.claviger.domain.projects.Visibility;
import io.claviger.domain.sharing.Share;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.stream.Stream;

/** {@link ProjectStore} in memory. */
public final class InMemoryProjects implements ProjectStore {
  private static final Comparator<Project.Ref> BY_OWNER_AND_HANDLE =
      Comparator.comparing(Project.Ref::owner).thenComparing(Project.Ref::handle);
  private static final int NAMED = 20;

  private final InMemoryTransactions transactions;

  public InMemoryProjects(InMemoryTransactions transactions) {
    this.transactions = transactions;
  }

  @Override
  public Optional<VisibleProject> find(Project.Ref ref, Sight sight) {
    return transactions.read(t -> t.project(ref).map(p -> seen(t, p, sight.viewer())));
  }

  @Override
  public Optional<VisibleProject> find(Project.Id id, User.Id viewer) {
    return transactions.read(
        t -> Optional.ofNullable(t.projects.get(id)).map(p -> seen(t, p, viewer)));
  }

  @Override
  public Optional<VisibleProject> lock(Project.Ref ref, Sight sight) {
    return find(ref, sight);
  }

  @Override
  public Optional<VisibleProject> hold(Project.Ref ref, Sight sight) {
    return find(ref, sight);
  }

  @Override
  public List<VisibleProject> list(
      User.Id user, User.Id viewer, Optional<Project.Ref> after, int limit) {
    return transactions.read(
        t ->
            sorted(t, p -> isOf(t, p, user))
                .filter(
                    p -> after.isEmpty() || BY_OWNER_AND_HANDLE.compare(p.ref(), after.get()) > 0)
                .limit(limit)
                .map(p -> seen(t, p, viewer))
                .toList());
  }

  @Override
  public References using(Instance.Id instance, User.Id viewer, boolean all) {
    return transactions.read(
        t -> usage(t, p -> p.instance().equals(Optional.of(instance)), viewer, all));
  }

  @Override
  public List<Project.Ref> listUsing(
      Instance.Id instance, Sight sight, Optional<Project.Ref> after, int limit) {
    return transactions.read(
        t ->
            sorted(t, p -> p.instance().equals(Optional.of(instance)))
                .filter(p -> sight.everything() || isOf(t, p, sight.viewer()))
                .filter(p -> sight.only().isEmpty() || sight.only().get().equals(p.id().value()))
                .map(Project::ref)
                .filter(ref -> after.isEmpty() || BY_OWNER_AND_HANDLE.compare(ref, after.get()) > 0)
                .limit(limit)
                .toList());
  }

  @Override
  public int countUsing(Instance.Id instance, Sight sight, int most) {
    return listUsing(instance, sight, Optional.empty(), most).size();
  }

  @Override
  public References usingInstancesOf(User.Id owner, User.Id viewer, boolean all) {
    return transactions.read(t -> usage(t, p -> t.usesAnothers(p, owner), viewer, all));
  }

  @Override
  public List<Project.Ref> unbindFromInstancesOf(User.Id owner, Instant now) {
    return transactions.change(
        t -> {
          List<Project> bound = sorted(t, p -> t.usesAnothers(p, owner)).toList();
          bound.forEach(
              p -> t.projects.put(p.id(), p.with(closed(p.values()), Optional.empty(), now)));
          return bound.stream().map(Project::ref).toList();
        });
  }

  @Override
  public void insert(Project project) {
    transactions.run(
        t -> {
          t.requireUser(project.owner());
          project.instance().ifPresent(t::requireInstance);
          if (t.projects.containsKey(project.id()) || t.project(project.ref()).isPresent()) {
            throw Tables.taken("the handle");
          }
          demandMayBeOpen(t, project);
          t.projects.put(project.id(), project);
        });
  }

  @Override
  public void update(Project project) {
    transactions.run(
        t -> {
          Project stored = t.requireProject(project.id());
          project.instance().ifPresent(t::requireInstance);
          Project after = changed(stored, project);
          if (!stored.isOpen() || !stored.instance().equals(after.instance())) {
            demandMayBeOpen(t, after);
          }
          t.projects.put(project.id(), after);
        });
  }

  @Override
  public void delete(Project.Id id) {
    transactions.run(
        t -> {
          Object unused = t.requireProject(id);
          t.cascades.deleteProject(id);
        });
  }

  @Override
  public List<OpenProject> listOpen(Instance.Id instance, Optional<Project.Ref> after, int limit) {
    return transactions.read(
        t ->
            sorted(t, p -> p.isOpen() && p.instance().equals(Optional.of(instance)))
                .filter(
                    p -> after.isEmpty() || BY_OWNER_AND_HANDLE.compare(p.ref(), after.get()) > 0)
                .limit(limit)
                .map(p -> new OpenProject(p.ref(), !owns(t, p), p.limits(), p.updatedAt()))
                .toList());
  }

  private static FieldValues closed(FieldValues values) {
    return values.withOptional(Project.VISIBILITY, Optional.of(Visibility.MEMBERS));
  }

  private static void demandMayBeOpen(Tables tables, Project project) {
    if (project.isOpen()
        && !owns(tables, project)
        && ownersShare(tables, project).filter(Share.Terms::toEverybody).isEmpty()) {
      throw Tables.gone("the right to open the project");
    }
  }

  private static boolean owns(Tables tables, Project project) {
    return tables
        .requireInstance(project.instance().orElseThrow())
        .instance()
        .owner()
        .equals(project.owner());
  }

  private static Optional<Share.Terms> ownersShare(Tables tables, Project project) {
    return Optional.ofNullable(
            tables.shares.get(new ShareKey<>(project.instance().orElseThrow(), project.owner())))
        .map(row -> row.share().terms());
  }

  private static Optional<Instant> openUntil(Tables tables, Project project) {
    return Optional.of(project)
        .filter(Project::isOpen)
        .map(
            open ->
                ownersShare(tables, open)
                    .filter(terms -> !owns(tables, open))
                    .flatMap(Share.Terms::expiresAt)
                    .orElse(Instant.MAX));
  }

  private static VisibleProject seen(Tables tables, Project project, User.Id viewer) {
    return new VisibleProject(
        project,
        tables.membership(project.id(), viewer),
        project
            .instance()
            .map(
                id ->
                    new BoundInstance(
                        tables.joined(tables.requireInstance(id).instance()),
                        tables.longestHeld(id, viewer),
                        tables.longestHeld(id, project.owner()))),
        openUntil(tables, project));
  }

  private static boolean isOf(Tables tables, Project project, User.Id user) {
    return project.owner().equals(user) || tables.membership(project.id(), user).isPresent();
  }

  private static References usage(
      Tables tables, Predicate<Project> which, User.Id viewer, boolean all) {
    List<Project> using = sorted(tables, which).toList();
    List<String> visible =
        using.stream()
            .filter(p -> all || isOf(tables, p, viewer))
            .limit(NAMED)
            .map(p -> p.ref().toString())
            .toList();
    return new References(using.size(), visible);
  }

  private static Stream<Project> sorted(Tables tables, Predicate<Project> which) {
    return tables.projects.values().stream()
        .filter(which)
        .sorted(Comparator.comparing(Project::ref, BY_OWNER_AND_HANDLE));
  }

  private static Project changed(Project stored, Project with) {
    return new Project(
        stored.id(),
        stored.owner(),
        stored.ref(),
        with.values(),
        with.instance(),
        with.limits(),
        with.version(),
        stored.createdAt(),
        with.updatedAt());
  }
}
