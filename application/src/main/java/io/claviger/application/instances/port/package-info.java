/** What services need from other modules: their stored rows, and what refers to them. */
@NullMarked
package io.claviger.application.instances.port;

import org.jspecify.annotations.NullMarked;
