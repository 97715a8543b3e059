@echo off
rem Forwards to plugins.staff, which holds the commands; "make help" lists them: help demo desk build check fix status translated names add-picture preview consent withdraw test mutants prove looks lighthouse
setlocal
cd /d "%~dp0"
if defined PYTHON goto forward
set "PYTHON=python"
where /q py && set "PYTHON=py -3"
:forward
%PYTHON% -m plugins.staff %*
exit /b %ERRORLEVEL%
