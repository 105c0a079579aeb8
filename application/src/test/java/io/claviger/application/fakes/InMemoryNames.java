package io.claviger.application.fakes;

import io.claviger.application.instances.port.InstanceFilter;
import io.claviger.application.instances.port.InstanceStore.VisibleInstance;
import io.claviger.application.search.port.NameQuery;
import io.claviger.application.search.port.NameStore;
import io.claviger.application.shared.Sight;
import io.claviger.domain.accounts.User;
import io.claviger.domain.instances.Instance;
import io.claviger.domain.models.ModelConfig;
import io.claviger.domain.projects.Project;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** {@link NameStore} that looks through the lists of the other ports. */
public final class InMemoryNames implements NameStore {
  private static final int ALL = 100_000;

  private final InMemoryPorts ports;

  InMemoryNames(InMemoryPorts ports) {
    this.ports = ports;
  }

  /** Something that the viewer may see, with the text that has the words of its names. */
  private record Seen(Found found, String handle, String words) {}

  @Override
  public List<Found> find(Kind kind, Sight sight, NameQuery query, Instant now, int limit) {
    boolean everything = sight.everything() && sight.only().isEmpty();
    Stream<Seen> seen =
        switch (kind) {
          case SERVICE -> services(sight.viewer(), everything, now).map(InMemoryNames::service);
          case PERSON -> people(sight, everything, now);
          case GROUP -> groups(sight.viewer());
          case MODEL -> models(sight.viewer(), everything, now);
          case PROJECT -> projects(sight.viewer(), everything);
        };
    return seen.filter(each -> sight.only().isEmpty() || sight.only().get().equals(each.found.id()))
        .filter(each -> begins(each, query) || (owned(each, query) && hasWords(each, query)))
        .sorted(
            Comparator.comparing((Seen each) -> !begins(each, query))
                .thenComparing(Seen::handle)
                .thenComparing(each -> each.found.name()))
        .map(Seen::found)
        .limit(limit)
        .toList();
  }

  private static boolean begins(Seen each, NameQuery query) {
    return query.prefix().isPresent()
        && each.handle.startsWith(query.prefix().get())
        && owned(each, query);
  }

  private static boolean owned(Seen each, NameQuery query) {
    return query.owner().isEmpty() || each.found.name().startsWith(query.owner().get() + "/");
  }

  private static boolean hasWords(Seen each, NameQuery query) {
    String words = " " + each.words.toLowerCase(Locale.ROOT).replaceAll("[^\\p{L}\\p{N}]+", " ");
    return !query.words().isEmpty()
        && query.words().stream().allMatch(word -> words.contains(" " + word));
  }

  private Stream<Instance> services(User.Id viewer, boolean everything, Instant now) {
    return (everything
            ? ports.instances().all(viewer, InstanceFilter.NONE.slice(Optional.empty(), ALL), now)
            : ports
                .instances()
                .usableBy(viewer, viewer, InstanceFilter.NONE.slice(Optional.empty(), ALL), now))
        .stream().map(VisibleInstance::instance);
  }

  private static Seen service(Instance instance) {
    String handle = instance.ref().handle().value();
    String shown = instance.settings().displayName().value();
    return new Seen(
        new Found(Kind.SERVICE, instance.id().value(), instance.ref().toString(), shown),
        handle,
        handle + " " + shown + " " + instance.settings().fields().model().value());
  }

  private Stream<Seen> people(Sight sight, boolean everything, Instant now) {
    return ports.users().known(sight, Optional.empty(), now, ALL).stream()
        .flatMap(handle -> ports.users().find(handle).stream())
        .map(
            user -> {
              String handle = user.handle().value();
              String shown = everything ? user.displayName().value() : "";
              String email = user.email().map(Object::toString).orElse("");
              return new Seen(
                  new Found(Kind.PERSON, user.id().value(), handle, shown),
                  handle,
                  everything ? handle + " " + shown + " " + email : handle);
            });
  }

  private Stream<Seen> groups(User.Id viewer) {
    return ports.groups().list(viewer, Optional.empty(), Optional.empty(), ALL).stream()
        .map(seen -> seen.group())
        .map(
            group -> {
              String handle = group.handle().value();
              String shown = group.displayName().value();
              return new Seen(
                  new Found(Kind.GROUP, group.id().value(), handle, shown),
                  handle,
                  handle + " " + shown);
            });
  }

  private Stream<Seen> models(User.Id viewer, boolean everything, Instant now) {
    List<Instance> usable =
        services(viewer, false, now)
            .filter(service -> service.ref().owner().isSystem())
            .filter(service -> service.settings().enabled())
            .toList();
    return ports.modelConfigs().live(Optional.empty(), ALL).stream()
        .filter(model -> everything || (model.settings().enabled() && isServed(model, usable)))
        .map(
            model -> {
              String name = model.route().name().value();
              String shown = model.settings().displayName().value();
              return new Seen(
                  new Found(Kind.MODEL, model.id().value(), name, shown),
                  name,
                  name + " " + shown + " " + model.settings().model().value());
            });
  }

  private static boolean isServed(ModelConfig model, List<Instance> usable) {
    Set<Instance.Id> services = usable.stream().map(Instance::id).collect(Collectors.toSet());
    return model.targets().stream().anyMatch(target -> services.contains(target.service()))
        || (model.instance().isEmpty()
            && usable.stream()
                .anyMatch(service -> service.provider().equals(model.settings().provider())));
  }

  private Stream<Seen> projects(User.Id viewer, boolean everything) {
    List<Project> seen =
        everything
            ? ports.transactions().read(t -> List.copyOf(t.projects.values()))
            : ports.projects().list(viewer, viewer, Optional.empty(), ALL).stream()
                .map(visible -> visible.project())
                .toList();
    return seen.stream()
        .map(
            project -> {
              String handle = project.ref().handle().value();
              return new Seen(
                  new Found(Kind.PROJECT, project.id().value(), project.ref().toString(), ""),
                  handle,
                  handle);
            });
  }
}
