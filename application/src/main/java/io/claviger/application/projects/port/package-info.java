/** What projects need from other modules: their stored rows. */
@NullMarked
package io.claviger.application.projects.port;

import org.jspecify.annotations.NullMarked;
