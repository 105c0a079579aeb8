/** Claviger for Java programs that use it without HTTP. */
package io.claviger.inprocess;
