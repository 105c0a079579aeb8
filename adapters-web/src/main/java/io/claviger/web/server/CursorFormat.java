package io.claviger.web.server;

import io.claviger.application.prices.port.PricePosition;
import io.claviger.application.shared.TimeCursor;
import io.claviger.domain.InvalidValue;
import io.claviger.domain.accounts.Handle;
import io.claviger.domain.definitions.Definition;
import io.claviger.domain.instances.Instance;
import io.claviger.domain.objects.ObjectKind;
import io.claviger.domain.objects.ObjectName;
import io.claviger.domain.projects.Project;
import io.claviger.domain.sharing.GranteeName;
import io.claviger.web.json.Times;
import java.time.DateTimeException;
import java.util.List;
import java.util.UUID;
import java.util.function.Function;

/**
 * The text form of positions in a list with a total order. Because anybody can write a text that
 * looks like a position, a text is accepted only if the database can compare its rows with the
 * position.
 *
 * @param read a function that parses a position; it throws {@link InvalidValue} if the text is not
 *     a position in the list
 */
public record CursorFormat<P>(Function<P, String> write, Function<String, P> read) {
  public static final CursorFormat<Handle> HANDLE = new CursorFormat<>(Handle::value, Handle::new);
  public static final CursorFormat<GranteeName> GRANTEE =
      new CursorFormat<>(GranteeName::toString, GranteeName::of);
  public static final CursorFormat<Instance.Ref> INSTANCE =
      new CursorFormat<>(Instance.Ref::toString, Instance.Ref::of);
  public static final CursorFormat<Definition.Ref> DEFINITION =
      new CursorFormat<>(Definition.Ref::toString, Definition.Ref::of);
  public static final CursorFormat<Project.Ref> PROJECT =
      new CursorFormat<>(Project.Ref::toString, Project.Ref::of);
  public static final CursorFormat<TimeCursor> TIME =
      new CursorFormat<>(p -> p.at() + " " + p.id(), CursorFormat::time);

  /** The position of an entry in the ledger of stored objects. */
  public static final CursorFormat<Long> OBJECT_PLACE =
      new CursorFormat<>(String::valueOf, CursorFormat::place);

  /** Positions in lists of shared objects. A position consists of a kind and an id. */
  public static final CursorFormat<ObjectName> OBJECT_NAME =
      new CursorFormat<>(
          name -> name.kind().wireName() + " " + name.id(), CursorFormat::objectName);

  /** Positions in lists of prices. A position consists of a provider, a first day and a model. */
  public static final CursorFormat<PricePosition> PRICE =
      new CursorFormat<>(
          at -> String.join(" ", at.provider(), at.validFrom().toString(), at.model()),
          CursorFormat::price);

  public CursorFormat {
    Function<String, P> stored = read;
    read =
        text -> {
          if (text.indexOf('\0') >= 0) {
            throw notOfThisList();
          }
          return stored.apply(text);
        };
  }

  /**
   * Positions that consist of several texts without line breaks.
   *
   * @param count the number of texts in a position
   * @param check a function that throws an {@link IllegalArgumentException} or a {@link
   *     DateTimeException} if the texts are not a position
   */
  public static CursorFormat<List<String>> texts(int count, Function<List<String>, ?> check) {
    return new CursorFormat<>(
        at -> String.join("\n", at),
        text -> {
          List<String> at = List.of(text.split("\n", -1));
          try {
            if (at.size() == count) {
              Object unused = check.apply(at);
              return at;
            }
          } catch (DateTimeException | IllegalArgumentException e) {
            // An invalid position leads to the same exception below as any other wrong text.
          }
          throw notOfThisList();
        });
  }

  private static Long place(String text) {
    try {
      return Long.valueOf(text);
    } catch (NumberFormatException e) {
      throw notOfThisList();
    }
  }

  private static ObjectName objectName(String text) {
    int blank = text.indexOf(' ');
    return ObjectKind.named(text.substring(0, Math.max(blank, 0)))
        .filter(kind -> ObjectName.isId(text.substring(blank + 1)))
        .map(kind -> new ObjectName(kind, text.substring(blank + 1)))
        .orElseThrow(CursorFormat::notOfThisList);
  }

  /** Returns the fault of a cursor that does not belong to the list. */
  public static InvalidValue notOfThisList() {
    return new InvalidValue("cursor", "a next_cursor of this list, as it was given");
  }

  private static PricePosition price(String text) {
    String[] parts = text.split(" ", 3);
    try {
      if (parts.length == 3) {
        return new PricePosition(parts[0], parts[2], Times.day(parts[1]));
      }
    } catch (DateTimeException e) {
      // An invalid position leads to the same exception below as any other wrong text.
    }
    throw notOfThisList();
  }

  private static TimeCursor time(String text) {
    try {
      String[] parts = text.split(" ", 2);
      return new TimeCursor(
          Times.parse("cursor", parts[0]), UUID.fromString(parts[parts.length - 1]));
    } catch (InvalidValue | IllegalArgumentException e) {
      throw notOfThisList();
    }
  }
}
