package io.claviger.console.people;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The list of people.
 *
 * @param next the address of the next page; null on the last one
 */
public record PeopleModel(List<PersonLine> people, @Nullable String next) {
  public PeopleModel {
    people = List.copyOf(people);
  }
}
