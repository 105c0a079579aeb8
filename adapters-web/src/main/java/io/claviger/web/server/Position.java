package io.claviger.web.server;

import io.claviger.application.shared.TimePosition;
import io.claviger.domain.InvalidValue;
import io.claviger.domain.accounts.Handle;
import io.claviger.domain.definitions.DefinitionRef;
import io.claviger.domain.instances.InstanceRef;
import io.claviger.domain.projects.ProjectRef;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.UUID;
import java.util.function.Function;

/**
 * How a position in a list's total order is written and read.
 *
 * @param read throws {@link InvalidValue} for what is none
 */
public record Position<P>(Function<P, String> write, Function<String, P> read) {
  public static final Position<Handle> HANDLE = new Position<>(Handle::value, Handle::new);
  public static final Position<InstanceRef> INSTANCE =
      new Position<>(InstanceRef::toString, InstanceRef::of);
  public static final Position<DefinitionRef> DEFINITION =
      new Position<>(DefinitionRef::toString, DefinitionRef::of);
  public static final Position<ProjectRef> PROJECT =
      new Position<>(ProjectRef::toString, ProjectRef::of);
  public static final Position<TimePosition> TIME =
      new Position<>(p -> p.at() + " " + p.id(), Position::time);

  private static TimePosition time(String text) {
    try {
      String[] parts = text.split(" ", 2);
      return new TimePosition(Instant.parse(parts[0]), UUID.fromString(parts[parts.length - 1]));
    } catch (DateTimeException | IllegalArgumentException e) {
      throw new InvalidValue("cursor", "a next_cursor of this list, as it was given");
    }
  }
}
