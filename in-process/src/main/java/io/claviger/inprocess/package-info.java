/** Provides Claviger to Java programs that call it without HTTP. */
package io.claviger.inprocess;
