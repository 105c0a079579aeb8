package io.claviger.imports.shared;

import java.util.Collections;
import java.util.Iterator;
import java.util.List;

/** A source of an import: the reader and the rules for another system. */
public interface ImportSource {
  /** The name of the other system in commands and in the audit trail, such as {@code coder}. */
  String program();

  /** Identifies the database in the same way as {@link ArrivalJournal#database}. */
  String identity();

  /**
   * Reads everything and decides what to make of it, each thing after those that it needs. Secrets
   * stay encrypted until they are needed.
   *
   * @param report receives what is not imported
   * @throws UnreadableSource when the database can't be read or its schema is not known
   * @throws WrongSourceKey when the given key opens none of the encrypted values
   */
  List<? extends Incoming> incoming(ReportBuilder report);

  /**
   * Reads what comes after {@link #incoming}, and may be too much to be held at once. Things are
   * read one by one as the caller asks for them. No two of them have the same kind and id.
   *
   * @param report receives what is not imported
   * @throws UnreadableSource when the database can't be read, also while things are asked for
   */
  default Iterator<? extends Incoming> further(ReportBuilder report) {
    return Collections.emptyIterator();
  }

  /** The given key is not the one with which the source encrypts. The message names no secret. */
  final class WrongSourceKey extends RuntimeException {
    public WrongSourceKey(String why) {
      super(why);
    }
  }
}
