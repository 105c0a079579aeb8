package io.claviger.domain.webhooks;

import io.claviger.domain.InvalidValue;
import java.util.Collection;
import java.util.List;

/**
 * The events that a webhook selects.
 *
 * @param types the types in the order of {@link EventType}, without repetitions; empty if the
 *     webhook gets all events for its receiver
 */
public record SelectedEvents(List<EventType> types) {
  public static final SelectedEvents ALL = new SelectedEvents(List.of());

  /**
   * @throws InvalidValue if a type can't be selected, or if the order is wrong
   */
  public SelectedEvents {
    if (!types.stream().sorted().distinct().toList().equals(types)
        || !EventType.selectable().containsAll(types)) {
      throw new InvalidValue("events", "names of events without repetitions, such as key.rejected");
    }
    types = List.copyOf(types);
  }

  /**
   * Creates a selection from types in any order.
   *
   * @throws InvalidValue if a type is given twice or can't be selected
   */
  public static SelectedEvents of(Collection<EventType> given) {
    return new SelectedEvents(given.stream().sorted().toList());
  }

  public List<String> wireNames() {
    return types.stream().map(EventType::wireName).toList();
  }
}
