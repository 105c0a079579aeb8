package io.claviger.imports.shared;

import java.util.Collections;
import java.util.Iterator;
import java.util.List;

/** A source of an import: the reader and the rules of another system. */
public interface ImportSource {
  /** The name of the other system in commands and in the audit trail, such as {@code coder}. */
  String program();

  /**
   * Returns an identifier of the source's database, made in the same way as {@link
   * ArrivalJournal#database}.
   */
  String identity();

  /**
   * Reads everything, and returns the things to make. Each thing comes after the things that it
   * needs. Secrets stay encrypted until they are needed.
   *
   * @param report receives the things that are not imported
   * @throws UnreadableSource if the database can't be read or its schema is not known
   * @throws WrongSourceKey if the given key decrypts none of the encrypted values
   */
  List<? extends Incoming> incoming(ReportBuilder report);

  /**
   * Reads further things, which are made after those of {@link #incoming} and may be too many for
   * the memory. Each thing is read when the iterator returns it. No two things have the same kind
   * and id.
   *
   * @param report receives the things that are not imported
   * @throws UnreadableSource if the database can't be read; the iterator throws it too
   */
  default Iterator<? extends Incoming> further(ReportBuilder report) {
    return Collections.emptyIterator();
  }

  /** Thrown if the source does not encrypt with the given key. The message names no secret. */
  final class WrongSourceKey extends RuntimeException {
    public WrongSourceKey(String why) {
      super(why);
    }
  }
}
