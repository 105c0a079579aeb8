package io.claviger.console.people;

/**
 * Somebody who was just added.
 *
 * @param token their first access token, which is shown here once
 */
public record AddedPersonModel(PersonLine person, String token) {
  @Override
  public String toString() {
    return "AddedPersonModel[" + person.handle() + "]";
  }
}
