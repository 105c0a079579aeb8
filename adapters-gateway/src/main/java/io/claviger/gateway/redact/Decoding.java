package io.claviger.gateway.redact;

/** Decodes a text to characters, byte by byte. */
interface Decoding {
  /** The character is not complete yet. */
  int INCOMPLETE = -1;

  /** A character that is not a single byte. */
  int FOREIGN = -2;

  /** The bytes so far are no escape after all. The last byte was not read. */
  int BROKEN = -3;

  /** Every byte is a character. */
  Decoding NONE =
      new Decoding() {
        @Override
        public int read(byte next) {
          return next & 0xff;
        }

        @Override
        public int openBytes() {
          return 0;
        }

        @Override
        public void reset() {}
      };

  /** Returns the character that ends with this byte, or one of the constants. */
  int read(byte next);

  /** How many bytes of an unfinished escape were read. */
  int openBytes();

  /** Forgets an unfinished escape. */
  void reset();
}
