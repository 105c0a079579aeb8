/** What the use cases of projects need from outside. */
@NullMarked
package io.claviger.application.projects.port;

import org.jspecify.annotations.NullMarked;
