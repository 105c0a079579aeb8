@NullMarked
package io.claviger.application.projects;

import org.jspecify.annotations.NullMarked;
