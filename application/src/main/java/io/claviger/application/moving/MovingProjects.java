package io.claviger.application.moving;

import io.claviger.application.moving.Move.Person;
import io.claviger.application.moving.Move.ProjectHere;
import io.claviger.application.moving.Move.ServiceHere;
import io.claviger.application.moving.MovingShares.Giving;
import io.claviger.application.moving.Settling.Candidate;
import io.claviger.application.moving.Settling.Coming;
import io.claviger.application.moving.Settling.Here;
import io.claviger.application.moving.out.Arrivals.NewShare;
import io.claviger.application.shared.Targets;
import io.claviger.application.shared.out.Ids;
import io.claviger.domain.Description;
import io.claviger.domain.InvalidValue;
import io.claviger.domain.accounts.UserId;
import io.claviger.domain.audit.AuditAction;
import io.claviger.domain.moving.Kind;
import io.claviger.domain.moving.OldContent.OldLink;
import io.claviger.domain.moving.OldContent.OldMember;
import io.claviger.domain.moving.OldContent.OldProject;
import io.claviger.domain.moving.OldContent.OldService;
import io.claviger.domain.moving.OldLinks;
import io.claviger.domain.moving.OldRoles;
import io.claviger.domain.moving.Reason;
import io.claviger.domain.projects.Project;
import io.claviger.domain.projects.ProjectId;
import io.claviger.domain.projects.ProjectRef;
import io.claviger.domain.sharing.Role;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Collectors;

/** Brings projects, bound to one service each, and their members. */
final class MovingProjects {
  private final Move move;
  private final Ids ids;
  private final Giving giving;
  private final Batch<Project> batch;
  private final Map<Long, OldService> services = new HashMap<>();
  private final Map<Long, List<OldLink>> links = new HashMap<>();

  MovingProjects(Move move, Ids ids) {
    this.move = move;
    this.ids = ids;
    this.giving = new Giving(move);
    this.batch = new Batch<>(move.arrivals::addProjects);
  }

  void move() {
    move.content.services().forEach(s -> services.putIfAbsent(s.id(), s));
    move.content
        .links()
        .forEach(l -> links.computeIfAbsent(l.project(), p -> new ArrayList<>()).add(l));
    Settling<OldProject> settled =
        new Settling<OldProject>(move, Kind.PROJECT, false)
            .settle(
                move.content.projects().stream()
                    .map(
                        p ->
                            new Candidate<>(
                                p, p.owner(), p.handle(), p.name(), p.stamps().createdAt()))
                    .toList());
    for (Here<OldProject> here : settled.here) {
      bound(here.row(), here.owner()).ifPresent(service -> move.tally.here(Kind.LINK));
      remark(here.row());
      move.projects.putIfAbsent(
          here.row().id(),
          new ProjectHere(
              here.id(), new ProjectRef(here.owner().handle(), here.handle()), here.owner().id()));
    }
    settled.coming.forEach(this::come);
    batch.flush();
    members();
  }

  private void come(Coming<OldProject> coming) {
    OldProject old = coming.row();
    Project project =
        new Project(
            new ProjectId(ids.next()),
            coming.owner().id(),
            new ProjectRef(coming.owner().handle(), coming.handle()),
            description(old),
            bound(old, coming.owner()).map(ServiceHere::id),
            1,
            move.madeAt(old.stamps()),
            move.changedAt(old.stamps()));
    project.instance().ifPresent(service -> move.tally.moved(Kind.LINK));
    remark(old);
    batch.add(project);
    move.projects.putIfAbsent(
        old.id(), new ProjectHere(project.id().value(), project.ref(), project.owner()));
    move.tally.moved(Kind.PROJECT);
    move.journal.came(
        Kind.PROJECT,
        coming.name(),
        Optional.of(project.id().value()),
        AuditAction.PROJECT_CREATE,
        Targets.project(project),
        List.of());
  }

  /** The first of the services linked to it that is here and that its owner may use. */
  private Optional<ServiceHere> bound(OldProject project, Person owner) {
    List<OldLink> linked = new ArrayList<>();
    project.service().ifPresent(id -> linked.add(new OldLink(project.id(), id, Optional.empty())));
    linked.addAll(OldLinks.inOrder(links.getOrDefault(project.id(), List.of())));
    Optional<ServiceHere> bound = Optional.empty();
    for (OldLink link : linked) {
      Optional<ServiceHere> service = Optional.ofNullable(move.services.get(link.service()));
      String name =
          project.name()
              + " "
              + Optional.ofNullable(services.get(link.service())).map(OldService::name).orElse("?");
      move.tally.found(Kind.LINK);
      if (service.isEmpty()) {
        move.tally.leftOut(Kind.LINK, name, Reason.SERVICE_MISSING, "the service is not here");
      } else if (bound.isPresent()) {
        move.tally.leftOut(Kind.LINK, name, Reason.ANOTHER_WAS_LINKED_FIRST);
      } else if (!move.uses(service.get(), owner.id())) {
        move.tally.leftOut(
            Kind.LINK, name, Reason.NO_USE_OF_SERVICE, "the project's owner may not use it");
      } else {
        bound = service;
      }
    }
    return bound;
  }

  private void remark(OldProject old) {
    if (old.publicRead()) {
      move.tally.remark(Kind.PROJECT, old.name(), Reason.PUBLIC_READ, "share it with its readers");
    }
    if (old.metadataScheme()) {
      move.tally.remark(Kind.PROJECT, old.name(), Reason.METADATA_SCHEME, "");
    }
  }

  private Description description(OldProject old) {
    try {
      return new Description(old.description());
    } catch (InvalidValue e) {
      move.tally.remark(
          Kind.PROJECT, old.name(), Reason.INVALID_DESCRIPTION, "it comes without: " + e.allowed());
      return Description.NONE;
    }
  }

  private void members() {
    Map<Long, OldProject> byId = new HashMap<>();
    move.content.projects().forEach(p -> byId.putIfAbsent(p.id(), p));
    Map<UUID, Set<UserId>> standing =
        move.arrivals.sharedWith(
            Kind.MEMBER,
            move.projects.values().stream().map(ProjectHere::id).collect(Collectors.toSet()));
    Set<String> seen = new HashSet<>();
    for (OldMember member : move.content.members()) {
      Optional<OldProject> old = Optional.ofNullable(byId.get(member.project()));
      String name = old.map(OldProject::name).orElse("?") + " " + member.user();
      boolean owns = old.map(OldProject::owner).equals(Optional.of(member.user()));
      if (!owns && seen.add(member.project() + " " + member.user())) {
        move.tally.found(Kind.MEMBER);
        join(member, name, standing);
      }
    }
    giving.flush(Kind.MEMBER);
  }

  private void join(OldMember member, String name, Map<UUID, Set<UserId>> standing) {
    Optional<Person> user = giving.somebody(Kind.MEMBER, name, member.user());
    Optional<ProjectHere> project = Optional.ofNullable(move.projects.get(member.project()));
    Optional<Role> role = OldRoles.ofProject(member.role());
    if (user.isEmpty()) {
      return;
    }
    if (project.isEmpty()) {
      move.tally.leftOut(Kind.MEMBER, name, Reason.PROJECT_MISSING, "the project is not here");
    } else if (role.isEmpty()) {
      move.tally.leftOut(Kind.MEMBER, name, Reason.UNKNOWN_ROLE);
    } else {
      ProjectHere p = project.get();
      boolean unused =
          giving.give(
              Kind.MEMBER,
              name,
              new NewShare(
                  p.id(),
                  p.ref().owner(),
                  p.ref().handle(),
                  user.get().id(),
                  user.get().handle(),
                  role.get(),
                  p.owner(),
                  move.now),
              standing.getOrDefault(p.id(), Set.of()),
              AuditAction.PROJECT_SHARE,
              "project");
    }
  }
}
